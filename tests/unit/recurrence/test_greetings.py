"""How clients are greeted, from names as offices type them."""

import pytest

from recurrence import find_first_name, is_deceased

NAMES = [
    ("Margaret Featherstone", "Margaret"),
    ("Margaret", "Margaret"),
    ("Mrs. Margaret Featherstone", "Margaret"),
    ("mme Lucie Roy", "Lucie"),
    ("Mlle. Ève Côté", "Ève"),
    ("Dr. Jane Smith", "Jane"),
    ("Dre Lise Côté", "Lise"),
    ("Dr Lise Côté", "Lise"),
    ("Me Luc Roy", "Luc"),
    ("Mr John Smith", "John"),
    ("Rev. John Smith", "John"),
    ("Marie-Ève Côté", "Marie-Ève"),
    ("Jean-Pierre", "Jean-Pierre"),
    ("MARGARET FEATHERSTONE", "Margaret"),
    ("MARIE-ÈVE CÔTÉ", "Marie-Ève"),
    ("john smith", "John"),
    ("Mary Anne O'Brien", "Mary"),
    ("Al Smith", "Al"),
    ("Gurpreet Kaur Singh", "Gurpreet"),
    ("Văn An Nguyễn", "Văn"),
    # Turned round.
    ("Featherstone, Margaret", "Margaret"),
    ("Featherstone, Mrs. Margaret Anne", "Margaret"),
    ("FEATHERSTONE, MARGARET", "Margaret"),
    ("Smith, Jr., John", "John"),
    ("Smith, John, Jr.", "John"),
    ("Smith, John RN", "John"),
    ("Van Dyke, Mary", "Mary"),
    ("de la Cruz, Maria", "Maria"),
    ("St-Pierre, Anne", "Anne"),
    ("St. Pierre, Anne", "Anne"),
    ("O'Brien, Pat", "Pat"),
    ("Côté, Dre Lise", "Lise"),
    # A suffix is not turned round, known or not.
    ("John Featherstone, Jr.", "John"),
    ("John Smith Jr.", "John"),
    ("John Smith III", "John"),
    ("Jane Doe, RN", "Jane"),
    ("Jane Doe, R.N.", "Jane"),
    ("Jane Doe, RN, BScN", "Jane"),
    ("Jane Doe, QXZ", "Jane"),
    ("Jane Doe, P.Eng.", "Jane"),
    ("Jane Doe, Ph.D.", "Jane"),
    ("Jane Doe, inf.", "Jane"),
    ("Jane Doe, executor", "Jane"),
    ("Jane Doe, exécutrice", "Jane"),
    ("Jane Doe, POA", "Jane"),
    ("Jane Doe, her daughter", "Jane"),
    ("Jane Doe, Retired", "Jane"),
    # Whoever has died gets no mail; the name is found all the same.
    ("John Smith, deceased", "John"),
    ("John Smith, Deceased", "John"),
    ("John Smith (deceased)", "John"),
    ("John Smith - DECEASED", "John"),
    ("(Deceased) John Smith", "John"),
    ("DECEASED John Smith", "John"),
    ("Smith, John (deceased)", "John"),
    ("Smith, John, deceased", "John"),
    ("the late John Smith", "John"),
    ("Jean Roy, décédé", "Jean"),
    ("Feu Jean Roy", "Jean"),
    ("Feue Lise Roy", "Lise"),
    # Said about the person, or somebody else.
    ("John Smith c/o Ann Lee", "John"),
    ("John Smith - daughter Ann", "John"),
    ("John Smith (hard of hearing)", "John"),
    ("John Smith a/s Anne Roy", "John"),
    ("John “Jack” Smith", "John"),
    ("John Smith; Ann Smith", "John"),
    # Any doubt.
    ("Featherstone, Mrs.", ""),
    ("Mrs. Featherstone", ""),
    ("Mr. and Mrs. Featherstone", ""),
    ("Mr & Mrs J. Smith", ""),
    ("Mr. & Mrs. John Smith", ""),
    ("John & Mary Smith", ""),
    ("John and Mary Smith", ""),
    ("Jean et Marie Roy", ""),
    ("M. et Mme Roy", ""),
    ("M. Roy", ""),
    ("Dre Côté", ""),
    ("J. Smith", ""),
    ("J.R. Smith", ""),
    ("JR Smith", ""),
    ("J Smith", ""),
    ("Smith, J.", ""),
    ("Smith, RN", ""),
    ("Estate of John Smith", ""),
    ("Estate of Ann Roy, deceased", ""),
    ("John Smith Estate", ""),
    ("Succession de Jean Roy", ""),
    ("Succession Jean Roy", ""),
    ("Smith Family", ""),
    ("The Smith Family", ""),
    ("Famille Tremblay", ""),
    ("Smith Family Trust", ""),
    ("Garcia Lopez, Maria", ""),
    ("Maple Homes Inc.", ""),
    ("Room 12", ""),
    ("ann@example.com", ""),
    ("Unknown", ""),
    ("N/A", ""),
    ("Client", ""),
    ("王小明", ""),
    ("ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", ""),
    ("-", ""),
    (".", ""),
    (",", ""),
    ("  ", ""),
    ("", ""),
    (None, ""),
    (False, ""),
]


@pytest.mark.parametrize(("name", "first"), NAMES)
def test_first_name(name, first):
    assert find_first_name(name) == first


@pytest.mark.parametrize(
    "name",
    [
        *("John Smith, deceased", "DECEASED John Smith", "John Smith (Deceased)"),
        *("John Smith - dec'd", "Smith, John, decd", "The late John Smith"),
        *("Late John Smith", "John Smith R.I.P.", "John Smith RIP", "John Smith †"),
        *("Jean Roy, décédé", "Lise Roy (décédée)", "Jean Roy DECEDE", "Feu Jean Roy"),
        *("feue Lise Roy", "John Smith passed away 2024", "Jean Roy (défunt)"),
    ],
)
def test_who_has_died(name):
    assert is_deceased(name)


@pytest.mark.parametrize(
    "name",
    [
        *("John Smith", "Mort Goldberg", "Rip Torn", "Ann Latem", "Lateef Khan"),
        *("Estate of John Smith", "Succession de Jean Roy", "Feuerstein, Anna"),
        *("Decedar Ltd", "", None, False),
    ],
)
def test_who_is_not_said_to_have_died(name):
    assert not is_deceased(name)
