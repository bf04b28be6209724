"""What is typed because a field must not stay empty, and what only looks like it."""

import doctest

import pytest

from recurrence import is_placeholder_email, is_placeholder_serial, placeholders


def test_documentation_examples_hold():
    result = doctest.testmod(placeholders)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "--", "—", ".", "...", "?", "???", "#", "*", '"', "//"),
        *("N/A", "n/a", "n.a.", "N.A", "NA", "n a", "N / A", "n\\a", "#N/A", "(N/A)"),
        *("TBD", "tbd.", "T.B.D.", "TBA", "TBC", "none", "None.", "nil", "null"),
        *("0", "00", "0000", "000-000", "x", "xx", "xxx", "XXXXX", "XX-XX", "99999"),
        *("unknown", "UNKNOWN?", "unk", "unk.", "not known", "don't know", "missing"),
        *("same", "same as above", "ditto", "idem", "see invoice", "see invoice 1234"),
        *("see order SO-77", "as per invoice", "refer to file", "voir facture 12"),
        *("no", "no serial", "no serial number", "No S/N", "serial number", "S/N"),
        *("S/N: N/A", "SN unknown", "Serial # unknown", "without serial", "no tag"),
        *("pending", "to follow", "to come", "to be determined", "on order", "later"),
        *(
            "not available",
            "not applicable",
            "illegible",
            "unreadable",
            "label missing",
        ),
        *("unknown, label worn off", "N/A (old chair)", "test", "123456789"),
        *("s/o", "S.O.", "sans objet", "aucun", "Aucune", "aucun numéro", "n/d"),
        *("inconnu", "nº inconnu", "pas de série", "pas de numéro de série", "sans"),
        *("sans numéro", "à venir", "A VENIR", "à déterminer", "à confirmer", "idem"),
        *("en attente", "illisible", "non disponible", "le même", "ci-dessus"),
        *("numéro de série : inconnu", "\uff2e\uff21", "plus tard", "en commande"),
    ],
)
def test_says_that_no_serial_is_known(text):
    assert is_placeholder_serial(text)


@pytest.mark.parametrize(
    "text",
    [
        *("0001", "0010", "1", "12", "1234", "1111", "9999", "N4A", "NA123", "NA-1"),
        *("TBD-100", "TBD1", "UNKNOWN-7", "NONE-5", "SO-77", "NO 5", "No. 0001"),
        *("SN 12", "S/N 0001", "SN0012", "SERIAL-1", "X1", "XX1", "XXX-1", "A", "AB"),
        *(
            "SEE-100",
            "SEEK",
            "SAMEX",
            "NOVA",
            "TEST-1",
            "NEW-1",
            "N00",
            "ND-4",
            "SANSUI",
        ),
        *("É-1", "漢字", "SL-100 0042", "A/1", "0-1", "DE-12", "THE-1", "D12", "NON1"),
        *("1234567891", "PAS-100", "AUCUN1", "X" * 101),
    ],
)
def test_stays_a_serial(text):
    assert not is_placeholder_serial(text)


@pytest.mark.parametrize(
    "address",
    [
        *("noemail@shop.ca", "NoEmail@Shop.ca", "no-email@gmail.com", "no_mail@x.ca"),
        *("no.email12@shop.ca", "none@none.com", "none@gmail.com", "no@email.com"),
        *(
            "na@shop.ca",
            "n/a@shop.ca",
            "test@test.com",
            "test@gmail.com",
            "unknown@x.ca",
        ),
        *("noreply@shop.ca", "do-not-reply@shop.ca", "donotreply@shop.ca"),
        *(
            "xxx@xxx",
            "xxx@xxx.com",
            "xxx@gmail.com",
            "x@x.com",
            "0@0.com",
            "aaa@aaa.ca",
        ),
        *("ann@gmail", "ann@localhost", "ann@x.invalid", "ann@x.local", "ann@x.test"),
        *("ann@noemail.com", "ann@none.ca", "email@email.com", "name@example.com"),
        *("aucun@shop.ca", "aucun.courriel@videotron.ca", "pas-de-courriel@x.ca"),
        *("sanscourriel@x.ca", "inconnu@x.ca", "refusé@x.ca", "ne.pas.repondre@x.ca"),
        *("", "foo", "@", "ann@", "@x.ca", "declined@x.ca"),
    ],
)
def test_nobodys_mailbox(address):
    assert is_placeholder_email(address)


@pytest.mark.parametrize(
    "address",
    [
        *("margaret@example.com", "client1@example.com", "ann@shop.ca", "a@shop.ca"),
        *("nora@shop.ca", "nadia@gmail.com", "noel@gmail.com", "no1@gmail.com"),
        *("jean.inconnu@hotmail.com", "nona@shop.ca", "tester.ann@lab.ca", "info@x.ca"),
        *("email@johnsmith.ca", "mail@martin.ca", "courriel@garage-roy.qc.ca"),
        *(
            "me@martin.ca",
            "x@gmail.com",
            "jj@gmail.com",
            "li@qq.com",
            "ann@maple.example.com",
        ),
        *("ann@naturalhealth.ca", "ann@testa.it", "martin@martin.ca", "1@shop.ca"),
    ],
)
def test_may_be_somebodys_mailbox(address):
    assert not is_placeholder_email(address)
