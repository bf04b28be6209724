"""Finding addresses on the map by a service on the web, through geopy.

Plain Python: no Odoo in here. Every question of this process waits its turn (one a
second; of all processes: fusion.geocoder.turn) and ends within seconds; an answer that
is no place on earth counts as none.
"""

from functools import lru_cache, partial
from typing import NamedTuple
from urllib.parse import urlsplit

from geopy.adapters import RequestsAdapter
from geopy.exc import (
    ConfigurationError,
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeocoderRateLimited,
    GeocoderTimedOut,
    GeopyError,
)
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import GoogleV3, Nominatim, Photon

TIMEOUT_SECONDS = 5
SECONDS_BETWEEN_QUESTIONS = 1.0

# A place of these kinds is a town or a region: no door that anybody could drive to.
TOO_COARSE = frozenset(
    {
        "borough", "city", "city_district", "continent", "country", "county",
        "district", "hamlet", "island", "locality", "municipality", "postcode",
        "province", "quarter", "region", "state", "state_district", "suburb", "town",
        "village",
    }
)  # fmt: skip


class GeocodingError(Exception):
    """The service gave no usable answer.

    :param reason: busy, timeout, refused, junk or down
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Service(NamedTuple):
    """Which service to ask, and how to introduce oneself."""

    provider: str
    url: str = ""
    user_agent: str = ""
    api_key: str = ""


def find_place(service, query, country_code="", needs_door=False):
    """Return latitude and longitude of an address, or None where it is unknown.

    :param country_code: two letters; places elsewhere do not count
    :param needs_door: whether a street without the number of a house does not count
    :raise GeocodingError: when the service has no usable answer in time
    """
    try:
        location = _get_door(service)(
            query, **_get_options(service.provider, country_code)
        )
        if location is None or _is_too_coarse(location.raw):
            return None
        if needs_door and not _has_number(location.raw):
            return None
        place = _read_place(location.raw)
    except GeopyError as error:
        raise GeocodingError(_get_reason(error)) from None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        # geopy takes the shape of an answer for granted.
        raise GeocodingError("junk") from None
    latitude, longitude = place
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or not any(place):
        raise GeocodingError("junk")
    return place


@lru_cache(maxsize=8)
def _get_door(service):
    """Return the one queue of this process to a service."""
    parts = urlsplit(service.url)
    options = {
        "timeout": TIMEOUT_SECONDS,
        "user_agent": service.user_agent or "fusion-tasks",
        # By default geopy asks three times, and waits as often.
        "adapter_factory": partial(RequestsAdapter, max_retries=0),
    }
    if service.url:
        options["scheme"] = parts.scheme
        options["domain"] = (parts.netloc + parts.path).strip("/")
    if service.provider == "google":
        geocoder = GoogleV3(api_key=service.api_key, **options)
    else:
        geocoder = {"nominatim": Nominatim, "photon": Photon}[service.provider](
            **options
        )
    return RateLimiter(
        geocoder.geocode,
        min_delay_seconds=SECONDS_BETWEEN_QUESTIONS,
        error_wait_seconds=SECONDS_BETWEEN_QUESTIONS,
        max_retries=0,
        swallow_exceptions=False,
    )


def _get_options(provider, country_code):
    if provider == "nominatim":
        options = {"addressdetails": True}
        return options | (
            {"country_codes": country_code.lower()} if country_code else {}
        )
    if provider == "google" and country_code:
        return {"components": {"country": country_code}}
    return {}


def _read_place(raw):
    """Return the coordinates as they came: geopy would bring any into range."""
    if "geometry" in raw and "properties" in raw:  # Photon
        longitude, latitude = raw["geometry"]["coordinates"][:2]
    elif "geometry" in raw:  # Google
        location = raw["geometry"]["location"]
        latitude, longitude = location["lat"], location["lng"]
    else:
        latitude, longitude = raw["lat"], raw["lon"]
    return float(latitude), float(longitude)


def _is_too_coarse(raw):
    """Tell whether an answer names a town or less instead of a door or street."""
    if "geometry" in raw and "properties" in raw:  # Photon
        return raw["properties"].get("type") in TOO_COARSE
    if "geometry" in raw:  # Google
        return raw["geometry"].get("location_type") == "APPROXIMATE"
    return raw.get("addresstype", raw.get("type")) in TOO_COARSE


def _has_number(raw):
    """Tell whether an answer names a house by its number, not a whole street."""
    if "geometry" in raw and "properties" in raw:  # Photon
        return bool(raw["properties"].get("housenumber"))
    if "geometry" in raw:  # Google
        parts = raw.get("address_components") or []
        return any("street_number" in part["types"] for part in parts)
    return bool((raw.get("address") or {}).get("house_number"))


def _get_reason(error):
    """Return in a word what a geopy error means to us."""
    reasons = {
        "busy": (GeocoderRateLimited, GeocoderQuotaExceeded),
        "timeout": GeocoderTimedOut,
        "refused": (
            GeocoderAuthenticationFailure,
            GeocoderInsufficientPrivileges,
            ConfigurationError,
        ),
        "junk": (GeocoderParseError, GeocoderQueryError),
    }
    return next(
        (name for name, kinds in reasons.items() if isinstance(error, kinds)), "down"
    )
