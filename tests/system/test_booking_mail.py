"""A booking over real HTTP waits for no mail server.

The server has no scheduled jobs here: whatever reaches the catcher before the queue is
run was sent inside the client's request.
"""

import json
import shutil

import pytest
from devkit import instance, server
from devkit.visitor import Visitor, form_to

DATABASE = "fusion_booking_mail"
PREPARE = """
import json
from devkit import sample_data
crew = sample_data.make_technicians(env, 1)
links = sample_data.make_links(env, 1, crew)
sales = sample_data.make_dispatcher(env, "sales")
sales.write({"email": "sales@example.com", "notification_type": "email"})
env.company.write({"phone": "416-555-0100", "email": "dealer@example.com"})
contract = env["fusion.repair.maintenance.contract"].search([])
contract.user_id = sales
# Of every message about the unit, whoever follows it hears by mail.
contract.message_subscribe(
    sales.partner_id.ids, env["mail.message.subtype"].search([]).ids
)
env["mail.mail"].search([]).unlink()
env.cr.commit()
print("LINKS " + json.dumps(links))
"""
QUEUE = """
env["mail.mail"].process_email_queue()
env.cr.commit()
"""


@pytest.fixture
def booking(ready):
    """Yield the running system and the link of a unit with a salesperson."""
    instance.replace(ready, DATABASE)
    shutil.rmtree(server.mail_folder(DATABASE), ignore_errors=True)
    with server.running(
        ready, DATABASE, PREPARE, "booking-mail", first_port=8760, workers=2
    ) as (running, printed):
        yield running, json.loads(printed.partition("LINKS ")[2].splitlines()[0])[0]


def get_mails(running):
    """Return the names of the mails in the catcher: number, address and subject."""
    return sorted(path.stem for path in running.mails.glob("*.eml"))


def test_nothing_is_sent_inside_the_request(ready, booking):
    running, link = booking
    client = Visitor(link)
    fields, slots = form_to(client.get().text, "callback")
    assert client.post("callback", {**fields, "phone": "416 555 0142"}).status == 303
    fields, slots = form_to(client.get(f"{client.path}?view=choose").text, "confirm")
    reply = client.post("confirm", {**fields, "slot": slots[0]})
    assert reply.status == 303 and "m=" not in reply.location
    fields, slots = form_to(client.get(f"{client.path}?view=change").text, "move")
    reply = client.post("move", {**fields, "slot": slots[-1]})
    assert reply.status == 303 and "m=moved" in reply.location
    fields, _slots = form_to(client.get().text, "cancel")
    assert "m=cancelled" in client.post("cancel", fields).location
    assert get_mails(running) == []
    smtp = ("--smtp", "127.0.0.1", "--smtp-port", running.smtp_port)
    instance.shell(ready, DATABASE, QUEUE, smtp)
    sent = get_mails(running)
    assert any("client0" in name for name in sent), sent
    # Of new orders and repairs the office hears from its lists.
    assert not [name for name in sent if "assigned" in name], sent
