"""What people type into a field that must not stay empty: it names nothing.

A serial number "N/A" is no serial number, and noemail@shop.ca is nobody's mailbox.
"""

import re
import unicodedata

# Said alone, in any spelling: blanks and punctuation count for nothing. Followed by
# more, these letters may well begin a serial ("NA123", "TBD-100").
_SERIALS = {
    *("NA", "NAN", "ND", "NC", "NSP", "NSN", "SO", "UNK", "UNKN", "UKN", "TBA", "TBC"),
    *("TBD", "TBF", "TEST", "TEMP", "TEMPORARY", "DUMMY", "PLACEHOLDER", "FALSE"),
    *("NULL", "NIL", "UNDEFINED", "EMPTY", "BLANK", "VIDE", "REF", "VALUE"),
    *("LATER", "COMING", "VARIOUS", "DIVERS", "NOSERIAL", "NOSN", "SANS"),
    *("PAS", "AUCUN", "AUCUNE", "NONE", "UNKNOWN", "INCONNU", "INCONNUE", "MISSING"),
    *("MANQUANT", "ILLEGIBLE", "UNREADABLE", "ILLISIBLE", "PENDING", "WAITING"),
    *("BACKORDER", "ASDF", "QWERTY", "YES", "OUI", "NON", "NOT", "X"),
    *("123456", "1234567", "12345678", "123456789", "1234567890", "0123456789"),
}
# More words may follow these, but no figures ("unknown, label worn off").
_OPENINGS = (
    *("N A", "TBD", "TBA", "TBC", "S O", "N D", "AUCUN", "AUCUNE", "NONE", "UNKNOWN"),
    *("INCONNU", "INCONNUE", "MISSING", "MANQUANT", "ILLEGIBLE", "UNREADABLE"),
    *("ILLISIBLE", "PENDING", "WAITING", "ATTENTE", "EN ATTENTE", "ON ORDER"),
    *("EN COMMANDE", "BACKORDER", "BACK ORDER", "TO FOLLOW", "TO COME", "TO BE"),
    *("A VENIR", "A SUIVRE", "A DETERMINER", "A DET", "A CONFIRMER", "A RECEVOIR"),
    *("PLUS TARD", "NO SERIAL", "NO NUMBER", "NO TAG", "NO LABEL", "NO PLATE"),
    *("WITHOUT", "PAS DE", "PAS D", "PAS DISPONIBLE", "SANS NUMERO", "SANS SERIE"),
    *("SANS OBJET", "NOT KNOWN", "NOT AVAILABLE", "NOT APPLICABLE", "NOT LISTED"),
    *("NOT ON", "NOT SERIALIZED", "NOT SERIALISED", "NOT PROVIDED", "NOT YET"),
    *("NON DISPONIBLE", "NON APPLICABLE", "NON CONNU", "NON SERIALISE", "NON FOURNI"),
    *("DO NOT KNOW", "DON T KNOW", "DONT KNOW", "NE SAIS PAS", "NE SAIT PAS"),
    *("CAN T READ", "CANNOT READ", "CLIENT DOES NOT", "LABEL MISSING"),
)
# Where to look instead: whatever follows ("see invoice 1234").
_POINTERS = ("SEE", "VOIR", "SAME", "SAME AS", "IDEM", "DITTO", "MEME", "AS ABOVE")
_POINTERS += ("LE MEME", "LA MEME", "AS PER", "REFER TO", "SELON", "CI DESSUS")
# The name of the field, typed along ("S/N: unknown") or alone.
_LABEL = re.compile(
    r"^(?:S N|SN|SERIALS?|NUMBERS?|NUMEROS?|NUM|NO|N|NB|SERIE|DE|DU|D|OF|THE)(?: |$)"
)
_FEWEST_ALIKE = 5
# Longer is no word that somebody typed, but something pasted: to be looked at.
_LONGEST = 60

# The part before the @, without punctuation and figures at its end: nobody's name.
_MAILBOXES = {
    *("na", "nil", "null", "none", "no", "noone", "nobody", "nomail", "noemail", "xx"),
    *(
        "noemailaddress",
        "noaddress",
        "noemailonfile",
        "nothave",
        "donthave",
        "noemails",
    ),
    *("doesnothave", "doesnthave", "donotemail", "donotreply", "noreply", "donotuse"),
    *("donotsend", "notavailable", "notapplicable", "notprovided", "notgiven", "tbd"),
    *("unknown", "unk", "test", "testing", "tester", "dummy", "fake", "fakeemail"),
    *("placeholder", "notanemail", "notreal", "yourname", "youremail", "someone"),
    *("somebody", "anonymous", "anon", "asdf", "qwerty", "refused", "declined"),
    *("refusedemail", "invalid", "invalidemail", "aucun", "aucune", "aucuncourriel"),
    *("aucunemail", "pasdecourriel", "pasdemail", "pasdadresse", "sanscourriel"),
    *("sansemail", "sansadresse", "inconnu", "inconnue", "nepasrepondre", "refus"),
    "refuse",
    *("nondisponible", "nonfourni", "nadresse", "noclientemail", "blank", "deceased"),
}
# Names of a mailbox that somebody may have at a domain of their own, but not at these.
_COMMON_MAILBOXES = {
    "email",
    "mail",
    "name",
    "user",
    "username",
    "customer",
    "courriel",
}
_COMMON_MAILBOXES |= {"abc", "example", "nom", "adresse", "address", "you", "me"}
_SHARED = {"email", "mail", "gmail", "hotmail", "outlook", "yahoo", "example", "domain"}
_SHARED |= {"icloud", "live", "domaine", "abc", "website", "company"}
# Nothing can ever arrive there (RFC 2606, RFC 6761).
_NOWHERE = {"invalid", "test", "localhost", "local", "localdomain", "example", "lan"}
# Typed for "none", whatever stands before the @.
_DOMAINS = {
    *("noemail", "nomail", "none", "na", "unknown", "test", "testing", "fake", "noone"),
    *("nowhere", "aucun", "inconnu", "pasdecourriel", "noaddress", "noreply", "nope"),
    *("nil", "null", "xx", "xxx", "xxxx", "asdf", "sanscourriel", "nobody", "noemails"),
}


def is_placeholder_serial(text: str) -> bool:
    """Tell whether a text typed as a serial number says that there is none.

    >>> [is_placeholder_serial(t) for t in ("n/a", "S/N: à venir", "???", "0000")]
    [True, True, True, True]
    >>> [is_placeholder_serial(t) for t in ("0001", "NA123", "TBD-100", "SN 12")]
    [False, False, False, False]
    """
    if len(text) > _LONGEST:
        return False
    words = _spell_plainly(text)
    while words and not _says_nothing(words):
        rest = _LABEL.sub("", words, count=1)
        if rest == words:
            return False
        words = rest
    return True


def is_placeholder_email(address: str) -> bool:
    """Tell whether an email address was typed because some address had to be.

    ``example.com``, made for documents and demonstrations, is none by itself: no
    mail for it ever reaches anybody, so it comes back like any other dead address.

    :param address: one address, without a name

    >>> [is_placeholder_email(a) for a in ("no-email2@shop.ca", "ann@gmail", "x@x.ca")]
    [True, True, True]
    >>> is_placeholder_email("nadia.none@shop.ca")
    False
    """
    local, _at, domain = address.strip().casefold().rpartition("@")
    name, dot, top = domain.rstrip(".").rpartition(".")
    if not dot or top in _NOWHERE:
        return True
    label = "".join(re.findall(r"\w", name.rpartition(".")[2]))
    mailbox = "".join(re.findall(r"[^\W_]", _strip_accents(local)))
    stem = mailbox.rstrip("0123456789") if len(mailbox) > len("no12") else mailbox
    if label in _DOMAINS or stem in _MAILBOXES:
        return True
    if stem in _COMMON_MAILBOXES and label in _SHARED:
        return True
    if len(set(mailbox)) > 1 or mailbox.strip("0").isdigit():
        return False
    # One letter, or two alike, may be initials: unless the domain is no other.
    return len(mailbox) not in (1, 2) or len(set(label)) < 2


def _says_nothing(words: str) -> bool:
    """Tell whether plain words, a label maybe left out, name no unit."""
    joined = words.replace(" ", "")
    if joined in _SERIALS or not joined.strip("0"):
        return True
    if len(set(joined)) == 1 and (joined[0] == "X" or len(joined) >= _FEWEST_ALIKE):
        return True
    if any(re.match(rf"{pointer}( [A-Z]+\b|$)", words) for pointer in _POINTERS):
        return True
    figures = any(char.isdigit() for char in joined)
    return not figures and any(f"{words} ".startswith(f"{o} ") for o in _OPENINGS)


def _spell_plainly(text: str) -> str:
    """Return the words in capitals without accents and punctuation."""
    plain = _strip_accents(text).upper()
    return " ".join(re.findall(r"[^\W_]+", plain))


def _strip_accents(text: str) -> str:
    spelt = unicodedata.normalize("NFKD", text)
    return "".join(char for char in spelt if not unicodedata.combining(char))
