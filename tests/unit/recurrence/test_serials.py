"""Serials: lists as people type them, compared in one spelling."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurrence import Serials, normalise_serial, serials, split_serials

SEPARATORS = (",", "\n", "\r\n", ";", "\t", "&", " / ", " and ", " et ")


def test_documentation_examples_hold():
    result = doctest.testmod(serials)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \t\n", ""),
        ("sl-100", "SL-100"),
        ("  SL  100 \t b ", "SL 100 B"),
        ("sl\u00a0100", "SL 100"),
        ("\ufeffsl\u200b100\u200e", "SL100"),
        ("sl\x00100", "SL100"),
        ("sl\ud800100", "SL100"),
        ("a \u200b b", "A B"),
        ("é-1", "É-1"),
        ("0012", "0012"),
        (" n/a ", ""),
        ("???", ""),
        ("a;b/c", "A;B/C"),
    ],
)
def test_normal_form(text, expected):
    assert normalise_serial(text) == expected


@pytest.mark.parametrize(
    ("text", "values", "duplicates"),
    [
        ("", (), ()),
        (" \n , ,\n", (), ()),
        ("a1", ("A1",), ()),
        ("a1,a2", ("A1", "A2"), ()),
        ("a1\na2\r\na3\ra4", ("A1", "A2", "A3", "A4"), ()),
        ("b, a\nc,", ("B", "A", "C"), ()),
        ("a 1\na  1\nA\u00a01", ("A 1",), ("A 1",)),
        ("b,a,A,B,a", ("B", "A"), ("A", "B")),
        ("a;b; c", ("A", "B", "C"), ()),
        ("a\tb", ("A", "B"), ()),
        ("a & b&c", ("A", "B", "C"), ()),
        ("a and b ET c", ("A", "B", "C"), ()),
        ("sand-1 band-2", ("SAND-1 BAND-2",), ()),
        ("a1 / b1", ("A1", "B1"), ()),
        ("a1/b1", ("A1/B1",), ()),
        ("N / A", (), ()),
        ("a1 / n / a", ("A1",), ()),
        ("unknown / inconnu", (), ()),
        ("n/a, n/a\ntbd", (), ()),
        ("a1, n/a, a2", ("A1", "A2"), ()),
        ("a b", ("A B",), ()),
    ],
)
def test_split(text, values, duplicates):
    assert split_serials(text) == Serials(values, duplicates)


@given(st.text())
def test_normal_form_is_stable_and_storable(text):
    serial = normalise_serial(text)
    assert normalise_serial(serial) == serial == serial.strip()
    assert "\x00" not in serial
    assert "  " not in serial
    serial.encode()


@given(st.text())
def test_split_gives_each_serial_once(text):
    found = split_serials(text)
    assert len(set(found.values)) == len(found.values)
    assert set(found.duplicates) <= set(found.values)
    assert all(value == normalise_serial(value) for value in found.values)
    assert not any(mark in value for value in found.values for mark in ",;&\t\n\r")


@given(st.lists(st.text("aAbB1 -"), max_size=8), st.sampled_from(list(SEPARATORS)))
def test_separator_and_spelling_do_not_matter(parts, separator):
    spelt = [normalise_serial(part) for part in parts]
    typed = [serial for serial in spelt if serial]
    found = split_serials(separator.join(parts))
    assert list(found.values) == list(dict.fromkeys(typed))
    assert set(found.duplicates) == {s for s in typed if typed.count(s) > 1}
    assert split_serials("\n".join(found.values)) == Serials(found.values)


def test_figures_between_slashes_are_serials_each():
    assert split_serials("1 / 11 / 11").values == ("1", "11")
    assert split_serials("A / AA / AA").values == ("A", "AA")
