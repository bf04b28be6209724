"""Pictures from phones: made small, freed of what they tell beside the picture."""

import base64
import binascii
import io

# Odoo has Pillow load the formats that Odoo needs; phones also take WebP.
from PIL import Image, ImageOps, UnidentifiedImageError, WebPImagePlugin

TAKEN = ("JPEG", "PNG", "GIF", WebPImagePlugin.WebPImageFile.format)
LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_PIXELS = 60_000_000
LARGEST_DRAWING = 4 * 1024 * 1024
DRAWINGS = ("PNG", "JPEG")
LONGEST_SIDE = 1600
QUALITY = 85


class PictureError(ValueError):
    """A file that is not taken in; the argument is the reason code."""


def decode(data):
    """Return what a form posted as base64, as bytes.

    :param data: str or bytes
    :raise PictureError: not_a_picture
    """
    try:
        return base64.b64decode(data or b"", validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise PictureError("not_a_picture") from error


def shrink_photo(content):
    """Return a photo as a JPEG of at most 1600 pixels a side, without EXIF and GPS.

    It is turned upright first: the camera's notes that said so are dropped too.

    :param content: bytes of a JPEG, PNG, WebP or GIF
    :raise PictureError: too_large, too_many_pixels, not_a_picture
    """
    if len(content) > LARGEST_BYTES:
        raise PictureError("too_large")
    try:
        with Image.open(io.BytesIO(content), formats=TAKEN) as opened:
            if opened.width * opened.height > LARGEST_PIXELS:
                raise PictureError("too_many_pixels")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except Image.DecompressionBombError as error:
        raise PictureError("too_many_pixels") from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError("not_a_picture") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture of the same pixels: nothing that came with the file comes along.
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def is_blank(content):
    """Tell whether a drawing has no stroke: every pixel looks like every other.

    :param content: bytes of a picture; what is no picture at all is blank too
    """
    try:
        with Image.open(io.BytesIO(content or b"")) as opened:
            drawn = opened.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return True
    paper = Image.new("RGBA", drawn.size, "white")
    paper.alpha_composite(drawn)
    return all(low == high for low, high in paper.convert("RGB").getextrema())


def is_drawing(data):
    """Tell whether something posted is a drawing in pixels, as a signature pad makes.

    A drawing in lines (SVG) could say something else to every program that shows it.

    :param data: str or bytes, in base64
    """
    try:
        content = decode(data)
    except PictureError:
        return False
    if len(content) > LARGEST_DRAWING:
        return False
    try:
        with Image.open(io.BytesIO(content), formats=DRAWINGS) as opened:
            if opened.width * opened.height > LARGEST_PIXELS:
                return False
            opened.load()
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ):
        return False
    return True
