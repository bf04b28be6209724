"""Model classes in reverse order, as far as Odoo lets them be."""

import pytest
from support.reversed_models import last_first, turn


def model(name, *inherit):
    return type("Model", (), {"_name": name, "_inherit": list(inherit)})


def test_extensions_are_reversed_after_what_they_extend():
    task, person = model("task"), model("res.users", "res.users")
    plan, history = model("task", "task"), model("task", "task")
    assert last_first([task, person, plan, history]) == [task, history, plan, person]


def test_a_mixin_comes_before_its_users_and_theirs():
    mixin, ledger = model("mixin"), model("ledger", "mixin")
    mail, log = model("mail", "mail", "ledger"), model("log")
    assert last_first([mixin, ledger, mail, log]) == [log, mixin, ledger, mail]


def test_nothing_to_reverse_is_an_error():
    with pytest.raises(RuntimeError, match="fusion_tasks: no model classes"):
        turn([], "fusion_tasks")
    with pytest.raises(RuntimeError):
        turn([model("task"), model("task", "task")], "fusion_tasks")


def test_turned_in_place():
    classes = [model("task"), model("visit")]
    backwards = classes[::-1]
    assert turn(classes, "fusion_tasks") == 2
    assert classes == backwards
