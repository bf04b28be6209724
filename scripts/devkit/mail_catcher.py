"""The SMTP catcher: a server on loopback whose mails land as readable files.

Run as ``python -m devkit.mail_catcher PORT FOLDER``; every mail becomes
``0001-<to>-<subject>.eml``, plus its text as ``.txt``, its page as ``.html`` and its
attachments beside it. Nothing ever leaves the machine.
"""

import asyncio
import itertools
import re
import sys
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller


def file_stem(number, message):
    """Return a readable file name (no extension) for a mail."""
    words = f"{number:04d}-{message['to'] or ''}-{message['subject'] or ''}"
    return re.sub(r"[^\w.@-]+", "_", words, flags=re.ASCII)[:90].strip("_")


def save(folder, number, content):
    """Write one mail and its parts.

    :param folder: Path, must exist
    :param content: the raw mail, bytes
    :return: Path of the .eml file
    """
    message = message_from_bytes(content, policy=policy.default)
    stem = file_stem(number, message)
    for kind, suffix in (("html", "html"), ("plain", "txt")):
        body = message.get_body((kind,))
        if body:
            (folder / f"{stem}.{suffix}").write_text(body.get_content())
    for part in message.iter_attachments():
        name = re.sub(r"[^\w.-]+", "_", part.get_filename() or "attachment")
        (folder / f"{stem}.{name}").write_bytes(part.get_payload(decode=True) or b"")
    # The .eml is written last and under another name first: who waits for it finds
    # it complete.
    partial = folder / f"{stem}.partial"
    partial.write_bytes(content)
    target = folder / f"{stem}.eml"
    partial.rename(target)
    return target


class _Handler:
    def __init__(self, folder):
        self.folder = folder
        names = [path.name.partition("-")[0] for path in folder.glob("[0-9]*.eml")]
        taken = [int(name) for name in names]
        self.numbers = itertools.count(max(taken, default=0) + 1)

    async def handle_DATA(self, _server, _session, envelope):
        save(self.folder, next(self.numbers), envelope.content)
        return "250 caught"


def serve(port, folder):
    """Serve until the process is told to stop."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(
        _Handler(folder), hostname="127.0.0.1", port=port, data_size_limit=64 * 1024**2
    )
    controller.start()
    try:
        asyncio.new_event_loop().run_forever()
    finally:
        controller.stop()


if __name__ == "__main__":
    try:
        serve(int(sys.argv[1]), Path(sys.argv[2]))
    except KeyboardInterrupt:
        sys.exit(0)
