"""What operators copy: compose file, proxy, odoo.conf and the commands in documents.

Docker is not needed: the files are read.
"""

import configparser
import re

import pytest
from support.tree import ADDONS, ROOT, name

COMPOSE = (ROOT / "docker-compose.yml").read_text()
PROXY = ROOT / "docker" / "nginx.conf"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
UPGRADES = re.compile(r"(?:-u|--update)[\s=\",]+((?:fusion_\w+,?)+)")
# PostgreSQL's default, less what backups and people with psql use.
CONNECTIONS = 97
TOKEN = "q7-Zk_93Hb2xW0aVn5LrTqYdP8sUeJfC1gMiO4wRtKE"


@pytest.mark.parametrize("path", [ROOT / "docker-compose.yml", *DOCUMENTS], ids=name)
def test_every_upgrade_names_both_addons(path):
    for addons in UPGRADES.findall(path.read_text()):
        assert set(addons.strip(",").split(",")) == set(ADDONS), addons


def test_compose_upgrades_at_all():
    assert UPGRADES.search(COMPOSE)


def test_images_are_pinned():
    images = re.findall(r"^\s*image: (\S+)$", COMPOSE, re.MULTILINE)
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.M)
    ours = [image for image in images if image.startswith("fusion-")]
    for image in set(images) - set(ours):
        tag = image.partition(":")[2]
        assert re.search(r"\d+\.\d+\.\d+|^\d+\.\d+$|-\d{8}$", tag), image


def test_websockets_reach_the_gevent_process_and_only_the_proxy_is_open():
    config = read_config()
    assert int(config["workers"]) > 0
    proxy = PROXY.read_text()
    websocket = proxy[proxy.index("location /websocket") :]
    assert f"http://odoo:{config['gevent_port']}" in websocket.partition("}")[0]
    assert f"http://odoo:{config['http_port']}" in proxy
    ports = re.findall(r'^\s*- "127\.0\.0\.1:(\d+):(\d+)"', COMPOSE, re.MULTILINE)
    assert ("8069", "80") in ports
    assert not {inside for _outside, inside in ports} & {"8069", "8072"}


def test_connections_of_all_processes_fit_into_postgresql():
    config = read_config()
    processes = int(config["workers"]) + int(config["max_cron_threads"])
    gevent = int(config["db_maxconn_gevent"])
    assert processes * int(config["db_maxconn"]) + gevent <= CONNECTIONS


def read_config():
    """Return the options of odoo.conf."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "odoo.conf")
    return parser["options"]


@pytest.mark.parametrize("path", [PROXY, ROOT / "docs" / "operations.md"], ids=name)
@pytest.mark.parametrize("front", ["/", "//", "/fr/", "/fr_CA/", "/fr_CA//"])
@pytest.mark.parametrize(
    "page",
    [
        "repairs/maintenance/book/%s",
        "repairs//maintenance/book/%s/confirm",
        "repairs/maintenance/opt-out/%s?lang=fr_CA",
        "repairs/certificate/%s",
        "repairs/report/%s/send",
    ],
)
def test_secrets_of_links_stay_out_of_the_log_of_the_proxy(path, front, page):
    (pattern,) = re.findall(r'"~\*(\S+)" "\$front\*\*\*";', path.read_text())
    found = re.match(pattern.replace("(?<", "(?P<"), front + page % TOKEN, re.I)
    assert found
    assert TOKEN not in found["front"]


@pytest.mark.parametrize("page", ["/web/login", "/odoo/fusion-technicians", "/my"])
def test_other_pages_stand_in_the_log_as_they_are(page):
    (pattern,) = re.findall(r'"~\*(\S+)" "\$front\*\*\*";', PROXY.read_text())
    assert not re.match(pattern.replace("(?<", "(?P<"), page, re.I)
