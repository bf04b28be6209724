"""The page of the PDF documents of this addon: frame, tables, pictures.

A document is a list of reportlab flowables made by the functions here; text goes
through :mod:`pdf_text`, so that every language prints.
"""

import base64
import binascii
from io import BytesIO

from PIL import Image as PillowImage
from PIL import ImageOps, UnidentifiedImageError
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    Image,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from .pdf_text import BOLD, MUTED, markup, paragraph, plain, register_fonts, style

MARGIN = 16 * mm
HEADER = 12 * mm
FOOTER = 16 * mm
WIDTH = LETTER[0] - 2 * MARGIN  # of what stands between the margins, in points
BELOW_HEADING = 60  # points
LINE = HexColor("#9aa5b1")
SHADE = HexColor("#eef2f6")
PIXELS_PER_POINT = 200 / 72  # pictures print at 200 dots an inch, no finer
IMAGE_ERRORS = (
    UnidentifiedImageError,
    PillowImage.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
    binascii.Error,
)


def build_pdf(story, *, title, page_label, **options):
    """Return the bytes of a document on paper of letter size.

    :param story: the flowables
    :param title: what a viewer shows as the title
    :param page_label: function of page and pages, such as "Page 1 of 3"
    :param options: ``author``; ``lang`` (code of a language); ``head`` and ``foot``,
        lines of small text on every page; ``watermark``, large and pale behind it
    """
    register_fonts()
    stream = BytesIO()
    document = BaseDocTemplate(
        stream,
        pagesize=LETTER,
        title=plain(title),
        author=plain(options.get("author")),
        lang=(options.get("lang") or "en_CA").replace("_", "-"),
    )
    frame = Frame(
        MARGIN,
        FOOTER + 4 * mm,
        WIDTH,
        LETTER[1] - HEADER - FOOTER - 8 * mm,
        *(0, 0, 0, 0),
    )
    document.addPageTemplates(PageTemplate(frames=[frame]))

    def make_canvas(*args, **kwargs):
        return _NumberedCanvas(*args, page_label=page_label, options=options, **kwargs)

    document.build(story, canvasmaker=make_canvas)
    return stream.getvalue()


class _NumberedCanvas(Canvas):
    """A canvas that writes the frame of each page when it knows their number."""

    def __init__(self, *args, page_label, options, **kwargs):
        super().__init__(*args, **kwargs)
        self._page_label = page_label
        self._options = options
        self._pages = []

    def showPage(self):
        """Keep the page until all are there."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        """Write the frames, then the file."""
        pages = self._pages
        for number, page in enumerate(pages, start=1):
            self.__dict__.update(page)
            self._draw_frame(number, len(pages))
            Canvas.showPage(self)
        return super().save()

    def _draw_frame(self, number, count):
        small = style(7.5, muted=True)
        right = style(7.5, muted=True, align="right")
        top = LETTER[1] - HEADER
        self._draw_watermark()
        self._draw(self._options.get("head"), small, top, WIDTH)
        self.setStrokeColor(LINE)
        self.setLineWidth(0.5)
        self.line(MARGIN, FOOTER, MARGIN + WIDTH, FOOTER)
        self._draw(self._options.get("foot"), small, FOOTER - 2 * mm, WIDTH - 32 * mm)
        label = paragraph(self._page_label(number, count), right)
        _width, height = label.wrapOn(self, 30 * mm, FOOTER)
        label.drawOn(self, MARGIN + WIDTH - 30 * mm, FOOTER - 2 * mm - height)

    def _draw(self, text, text_style, top, width):
        if text:
            line = paragraph(text, text_style, width)
            _width, height = line.wrapOn(self, width, HEADER)
            line.drawOn(self, MARGIN, top - height)

    def _draw_watermark(self):
        watermark = plain(self._options.get("watermark"))
        if watermark:
            self.saveState()
            self.translate(LETTER[0] / 2, LETTER[1] / 2)
            self.rotate(52)
            self.setFillColor(MUTED, alpha=0.18)
            self.setFont(BOLD, min(96, 900 / len(watermark)))
            self.drawCentredString(0, 0, watermark)
            self.restoreState()


def table(rows, widths, *, header=True, size=8.5, extra=()):
    """Return a table that splits over pages, its header repeated.

    :param rows: lists of cells: texts, or flowables that are taken as they are
    :param widths: shares of the width for the columns, in any unit
    :param header: whether the first row is a header
    :param size: of the letters, in points
    :param extra: further reportlab table commands
    """
    columns = [WIDTH * share / sum(widths) for share in widths]
    cells = [
        [
            cell_of(cell, column - 8, size, bold=header and number == 0)
            for cell, column in zip(row, columns, strict=True)
        ]
        for number, row in enumerate(rows)
    ]
    commands = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    if header:
        commands.append(("BACKGROUND", (0, 0), (-1, 0), SHADE))
    return Table(
        cells,
        columns,
        repeatRows=1 if header else 0,
        splitInRow=1,
        style=[*commands, *extra],
    )


def cell_of(value, width, size=8.5, *, bold=False):
    """Return a cell: a flowable (or list of them) as it is, else text."""
    if isinstance(value, list) or hasattr(value, "wrapOn"):
        return value
    return paragraph(value, style(size, bold=bold), width)


def fields_table(pairs, columns=2, size=8.5):
    """Return labelled values in columns: the label small above its value.

    :param pairs: tuples of label and value; pairs without a value are left out
    """
    filled = [(label, value) for label, value in pairs if value]
    width = WIDTH / columns - 8
    cells = [
        [
            paragraph(label, style(7, muted=True), width),
            cell_of(value, width, size + 0.5),
        ]
        for label, value in filled
    ]
    cells += [""] * (-len(cells) % columns)
    rows = [cells[at : at + columns] for at in range(0, len(cells), columns)]
    return table(rows or [[""] * columns], [1] * columns, header=False, size=size)


class _Heading(Paragraph):
    """A title that goes to the next page rather than stand at the foot of one.

    reportlab's own ``keepWithNext`` would move a whole table that fits on one page.
    """

    def wrap(self, availWidth, availHeight):
        """Ask for more than there is where little would fit below."""
        width, height = super().wrap(availWidth, availHeight)
        return width, height if availHeight > height + BELOW_HEADING else 2**16

    def split(self, availWidth, availHeight):
        """Stay whole."""
        return []


def heading(text):
    """Return the title of a section, never alone at the foot of a page."""
    title_style = style(11, bold=True, after=3)
    return _Heading(markup(plain(text), title_style.fontName), title_style)


def gap(height=8):
    """Return some room, in points."""
    return Spacer(1, height)


def picture(data, width, height):
    """Return a picture within bounds, or None if it is not one that can be read.

    :param data: bytes of the file, or base64 as Odoo's image fields hold it
    :param width: the most points across
    :param height: the most points down
    """
    try:
        image = _read_image(data, width, height)
    except IMAGE_ERRORS:
        return None
    stream = BytesIO()
    image.save(stream, "PNG" if image.width * image.height < 300_000 else "JPEG")
    stream.seek(0)
    scale = min(width / image.width, height / image.height)
    drawn = Image(stream, image.width * scale, image.height * scale)
    drawn.hAlign = "LEFT"
    return drawn


def _read_image(data, width, height):
    if not data:
        raise ValueError("no picture")
    if isinstance(data, str):
        data = data.encode()
    if not data.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF", b"BM")):
        data = base64.b64decode(data, validate=False)
    image = ImageOps.exif_transpose(PillowImage.open(BytesIO(data)))
    bounds = (int(width * PIXELS_PER_POINT), int(height * PIXELS_PER_POINT))
    image.thumbnail(bounds)
    image = image.convert("RGBA")
    paper = PillowImage.new("RGBA", image.size, "white")
    return PillowImage.alpha_composite(paper, image).convert("RGB")


def qr_code(value, size):
    """Return a QR code of so many points a side, with its quiet zone."""
    widget = QrCodeWidget(value, barLevel="M", barBorder=2)
    left, bottom, right, top = widget.getBounds()
    drawing = Drawing(
        size, size, transform=[size / (right - left), 0, 0, size / (top - bottom), 0, 0]
    )
    drawing.add(widget)
    return drawing
