"""Many technicians with full days, to measure the slot search on (runs inside Odoo).

Written for load, not for beauty: technicians, calendars and places through the ORM,
the tens of thousands of tasks and calendar events by SQL, with the mirror of each task
as the addon would have made it. The same seed gives the same days.
"""

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.fields import Command

ZONE = ZoneInfo("America/Toronto")
UTC = ZoneInfo("UTC")
CITY = (43.700, -79.400)
SPREAD_KM = 12.0
PLACES = 800
TASKS_A_DAY = (4, 10)
DAYS = 21
SEED = 20260601
# (name, (from, to) of each part of the day), every day of the week: no day is skipped.
SHIFTS = (
    ("Bench day", ((8.0, 12.0), (13.0, 17.0))),
    ("Bench early", ((7.0, 11.5), (12.0, 15.5))),
    ("Bench late", ((10.0, 14.0), (15.0, 19.0))),
    ("Bench two weeks", ((8.0, 12.0), (13.0, 17.0))),
)
QUIET = {
    "no_reset_password": True,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


def fill(env, people):
    """Create technicians with calendars, leaves, meetings and full days; commit.

    :param people: how many technicians
    :return: the first local day with tasks
    """
    env = env(context={**env.context, **QUIET})
    dice = random.Random(SEED)
    places = _make_places(env, dice, PLACES)
    calendars = [_make_calendar(env, *shift) for shift in SHIFTS]
    calendars[-1].switch_calendar_type()
    technicians = _make_technicians(env, places[:people])
    for number, technician in enumerate(technicians):
        calendar = calendars[number % len(calendars)]
        technician.x_fc_resource_id.calendar_id = calendar
    env.flush_all()
    first = date.today() + timedelta(days=1)
    _insert_leaves(env, dice, technicians, first)
    _insert_meetings(env, dice, technicians, first)
    _insert_tasks(env, dice, technicians, places, first)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return first


def _make_places(env, dice, count):
    """Create addresses round the city, more of them towards its centre."""
    return env["res.partner"].create(
        [
            {
                "name": f"Bench place {number}",
                "partner_latitude": CITY[0] + dice.gauss(0, SPREAD_KM / 2) / 111,
                "partner_longitude": CITY[1] + dice.gauss(0, SPREAD_KM / 2) / 80,
            }
            for number in range(count)
        ]
    )


def _make_calendar(env, name, parts):
    rows = [
        Command.create(
            {
                "name": f"{day} {begin}",
                "dayofweek": str(day),
                "hour_from": begin,
                "hour_to": end,
                "day_period": "morning" if begin < 12 else "afternoon",
            }
        )
        for day in range(7)
        for begin, end in parts
    ]
    return env["resource.calendar"].create(
        {"name": name, "tz": ZONE.key, "attendance_ids": [Command.clear(), *rows]}
    )


def _make_technicians(env, homes):
    return env["res.users"].create(
        [
            {
                "name": f"Bench {number}",
                "login": f"bench{number}",
                "tz": ZONE.key,
                "x_fc_is_technician": True,
                "x_fc_start_address_id": home.id,
                "x_fc_service_radius_km": (0, 40)[number % 2],
            }
            for number, home in enumerate(homes)
        ]
    )


def _utc(day, minutes):
    local = datetime.combine(day, time.min, ZONE) + timedelta(minutes=minutes)
    return local.astimezone(UTC).replace(tzinfo=None)


def _insert_leaves(env, dice, technicians, first):
    """One day off and one afternoon off for each, one holiday for all."""
    company_id = env.company.id
    rows = []
    for technician in technicians:
        resource_id = technician.x_fc_resource_id.id
        day = first + timedelta(days=dice.randrange(DAYS))
        rows.append((resource_id, _utc(day, 0), _utc(day, 1439)))
        day = first + timedelta(days=dice.randrange(DAYS))
        rows.append((resource_id, _utc(day, 780), _utc(day, 1439)))
    rows.append(
        (None, _utc(first + timedelta(days=9), 0), _utc(first, 1439 + 9 * 1440))
    )
    env.cr.execute_values(
        "INSERT INTO resource_calendar_leaves (name, company_id, time_type,"
        " resource_id, date_from, date_to) VALUES %s",
        [("Bench leave", company_id, "leave", *row) for row in rows],
    )


def _insert_meetings(env, dice, technicians, first):
    """A meeting on every third day of each, some all day, some that do not block."""
    rows = []
    for technician in technicians:
        for number in range(0, DAYS, 3):
            day = first + timedelta(days=number + dice.randrange(3))
            begin = dice.randrange(8 * 60, 16 * 60, 15)
            allday = dice.random() < 0.05
            rows.append(
                (technician, day, begin, begin + dice.choice((30, 60)), allday, "busy")
            )
            rows.append((technician, day, begin, begin + 60, False, "free"))
    _insert_events(
        env,
        [
            {
                "who": technician,
                "start": _utc(day, 480 if allday else begin),
                "stop": _utc(day, 1080 if allday else end),
                "allday": allday,
                "day": day if allday else None,
                "show_as": show_as,
                "is_mirror": False,
            }
            for technician, day, begin, end, allday, show_as in rows
        ],
    )


def _insert_events(env, events):
    """Insert calendar events with their one attendee; returns their ids in order."""
    inserted = env.cr.execute_values(
        "INSERT INTO calendar_event (name, active, user_id, start, stop, allday,"
        " start_date, stop_date, show_as, privacy, x_fc_is_mirror) VALUES %s"
        " RETURNING id",
        [
            (
                *("Bench event", True, event["who"].id, event["start"], event["stop"]),
                *(event["allday"], event["day"], event["day"], event["show_as"]),
                *("private", event["is_mirror"]),
            )
            for event in events
        ],
        page_size=1000,
        fetch=True,
    )
    ids = [row[0] for row in inserted]
    guests = [
        (event_id, event["who"].partner_id.id)
        for event_id, event in zip(ids, events, strict=True)
    ]
    env.cr.execute_values(
        "INSERT INTO calendar_attendee (event_id, partner_id, state) VALUES %s",
        [(*guest, "accepted") for guest in guests],
        page_size=1000,
    )
    env.cr.execute_values(
        "INSERT INTO calendar_event_res_partner_rel"
        " (calendar_event_id, res_partner_id) VALUES %s",
        guests,
        page_size=1000,
    )
    return ids


def _insert_tasks(env, dice, technicians, places, first):
    """Insert full days of tasks, each with its mirror on the calendar."""
    at = {p.id: (p.partner_latitude, p.partner_longitude) for p in places}
    rows = []
    for number, technician in enumerate(technicians):
        parts = SHIFTS[number % len(SHIFTS)][1]
        for offset in range(DAYS):
            day = first + timedelta(days=offset)
            rows.extend(
                (technician, _utc(day, begin), minutes, dice.choice(places.ids))
                for begin, minutes in _lay_out(dice, parts)
            )
    events = [
        {
            "who": technician,
            "start": start,
            "stop": start + timedelta(minutes=minutes),
            "allday": False,
            "day": None,
            "show_as": "busy",
            "is_mirror": True,
        }
        for technician, start, minutes, _place in rows
    ]
    ids = _insert_events(env, events)
    company_id = env.company.id
    env.cr.execute_values(
        "INSERT INTO fusion_technician_task (name, active, task_type, status,"
        " technician_id, company_id, partner_id, address_id, latitude, longitude,"
        " date_start, date_end, duration, travel_before, calendar_event_id) VALUES %s",
        [
            (
                *("Bench task", True, "maintenance", "scheduled", row[0].id),
                *(company_id, row[3], row[3], *at[row[3]]),
                *(row[1], row[1] + timedelta(minutes=row[2]), row[2] / 60, 10),
                event_id,
            )
            for row, event_id in zip(rows, ids, strict=True)
        ],
        page_size=1000,
    )


def _lay_out(dice, parts):
    """Return 4 to 10 tasks of a day as (minute of the day, minutes), in order."""
    count = dice.randint(*TASKS_A_DAY)
    tasks = []
    for share, (opens, closes) in zip(
        ((count + 1) // 2, count // 2), parts, strict=True
    ):
        begin, end = int(opens * 60), int(closes * 60)
        lengths = [dice.choice((20, 30, 40)) for _task in range(share)]
        spare = max(0, end - begin - sum(lengths))
        cuts = sorted(dice.randrange(spare + 1) for _task in range(share))
        for cut, length in zip(cuts, lengths, strict=True):
            done = sum(minutes for _begin, minutes in tasks if _begin >= begin)
            tasks.append((begin + cut + done, length))
    return tasks
