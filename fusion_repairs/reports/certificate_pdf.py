"""The certificate of inspection on paper."""

from reportlab.lib.colors import HexColor
from reportlab.platypus import KeepTogether, Table

from odoo import fields

from .pdf_document import (
    WIDTH,
    build_pdf,
    fields_table,
    gap,
    heading,
    picture,
    qr_code,
    table,
)
from .pdf_text import paragraph, style

BAD = HexColor("#fdecea")
FINGERPRINT = 16  # characters of the digest that people compare
DEFECT_CLASSES = "fusion.repair.defect"
CHECKLIST_LINES = "fusion.repair.maintenance.checklist.line"


class CertificateDocument:
    """Lay out one certificate from what it says, and from nothing else."""

    def __init__(self, certificate):
        """Take a certificate whose context has its own language."""
        self.certificate = certificate
        self.env = certificate.env

    def build(self):
        """Return the bytes of the PDF."""
        certificate = self.certificate
        number = certificate._get_full_number()
        title = self.env._("Certificate of Inspection")
        story = [
            *self._head(title, number),
            *self._unit(),
            *self._examination(),
            *self._checks(),
            *self._defects(),
            *self._remarks(),
            KeepTogether(self._signatures()),
            KeepTogether(self._verification()),
        ]
        watermark = {"draft": self.env._("DRAFT"), "issued": ""}.get(certificate.state)
        if watermark is None:
            watermark = certificate._get_choice_label("state").upper()
        return build_pdf(
            story,
            title=f"{title} {number}",
            page_label=lambda page, pages: self.env._(
                "Page %(page)s of %(pages)s", page=page, pages=pages
            ),
            author=certificate.dealer_name,
            lang=certificate.lang,
            foot=f"{certificate.dealer_name or ''} · {title} {number}",
            watermark=watermark,
        )

    def _head(self, title, number):
        certificate = self.certificate
        company = certificate.company_id
        logo = not company.uses_default_logo and picture(company.logo, 150, 48)
        dealer = [paragraph(certificate.dealer_name, style(11, bold=True), WIDTH / 2)]
        lines = [
            certificate.dealer_address,
            certificate.dealer_phone,
            certificate.dealer_licence
            and self.env._("Licence No. %(number)s", number=certificate.dealer_licence),
        ]
        text = "\n".join(filter(None, lines))
        dealer.append(paragraph(text, style(8, muted=True), WIDTH / 2))
        right = [
            paragraph(number, style(13, bold=True, align="right"), WIDTH / 2),
            paragraph(
                self.env._(
                    "Issued for the visit %(visit)s", visit=certificate.visit_id.name
                ),
                style(8, muted=True, align="right"),
                WIDTH / 2,
            ),
        ]
        left = [logo, gap(4), *dealer] if logo else dealer
        top = Table([[left, right]], [WIDTH * 0.6, WIDTH * 0.4], style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ])  # fmt: skip
        return [
            top,
            gap(6),
            paragraph(title, style(18, bold=True, after=6), WIDTH),
            *self._revision(),
        ]

    def _revision(self):
        certificate = self.certificate
        if certificate.revision <= 1:
            return []
        text = self.env._(
            "Revision %(revision)s, replaces %(former)s. Reason: %(reason)s",
            revision=certificate.revision,
            former=certificate.previous_id._get_full_number(),
            reason=certificate.revision_reason or "-",
        )
        return [paragraph(text, style(9, bold=True, after=6), WIDTH)]

    def _unit(self):
        certificate = self.certificate
        say = certificate._format_day
        pairs = [
            (self.env._("Owner or client"), certificate.client_name),
            (self.env._("Place of the unit"), certificate.site_address),
            (self.env._("Unit type"), certificate.device_class),
            (self.env._("Maker"), certificate.maker),
            (self.env._("Model"), certificate.model),
            (self.env._("Serial number"), certificate.serial),
            (self.env._("Installation number"), certificate.installation_number),
            (self.env._("In use since"), say(certificate.installed_on)),
            (self.env._("Rated load"), certificate.rated_load),
        ]
        return [heading(self.env._("Unit")), fields_table(pairs), gap()]

    def _examination(self):
        certificate = self.certificate
        say, choice = certificate._format_day, certificate._get_choice_label
        safe = paragraph(choice("safe_to_operate"), style(11, bold=True), WIDTH / 2)
        pairs = [
            (self.env._("Type of examination"), choice("examination_type")),
            (self.env._("Date of examination"), say(certificate.examined_on)),
            (
                self.env._("Next examination no later than"),
                say(certificate.next_due_on),
            ),
            (self.env._("Certificate valid until"), say(certificate.expires_on)),
            (self.env._("Standard or manual referred to"), certificate.standard),
            (self.env._("Safe to operate"), safe),
        ]
        return [heading(self.env._("Examination")), fields_table(pairs), gap()]

    def _checks(self):
        results = self._labels(CHECKLIST_LINES, "result")
        rows = [
            [
                self.env._("Item tested"),
                self.env._("Result"),
                self.env._("Reading"),
                self.env._("Note"),
            ]
        ]
        extra = []
        for line in self.certificate.lines or []:
            name = line["name"]
            if line["critical"]:
                name = self.env._("%(check)s (critical)", check=name)
            if line["section"]:
                name = f"{line['section']}: {name}"
            reading = line["reading"]
            if reading and line["limits"]:
                reading = f"{reading} ({line['limits']})"
            if line["result"] == "fail":
                extra.append(("BACKGROUND", (0, len(rows)), (-1, len(rows)), BAD))
            rows.append([name, results.get(line["result"], "-"), reading, line["note"]])
        return [
            heading(self.env._("Items Tested")),
            table(rows, [42, 17, 17, 24], extra=extra),
            gap(),
        ]

    def _defects(self):
        defects = self.certificate.defects or []
        if not defects:
            return [
                heading(self.env._("Defects")),
                paragraph(self.env._("None found."), style(9, after=8), WIDTH),
            ]
        classes = self._labels(DEFECT_CLASSES, "defect_class")
        rows = [
            [
                self.env._("Defect"),
                self.env._("Class"),
                self.env._("To be repaired by"),
                self.env._("Note"),
            ]
        ]
        for defect in defects:
            due = fields.Date.to_date(defect["due"] or None)
            day = self.certificate._format_day(due)
            kind = classes.get(defect["class"], defect["class"])
            rows.append([defect["name"], kind, day, defect["note"]])
        return [heading(self.env._("Defects")), table(rows, [36, 20, 20, 24]), gap()]

    def _remarks(self):
        certificate = self.certificate
        story = []
        for title, text in (
            (self.env._("Parts Replaced"), certificate.parts_replaced),
            (self.env._("Findings"), certificate.findings),
            (self.env._("Scope of the Inspection"), certificate.scope),
        ):
            if text:
                story += [heading(title), paragraph(text, style(9), WIDTH), gap()]
        return story

    def _signatures(self):
        certificate = self.certificate
        half = WIDTH / 2 - 10
        technician = [
            paragraph(certificate.technician_name, style(10, bold=True), half),
            paragraph(certificate.technician_qualification, style(8.5), half),
            paragraph(certificate._format_time(), style(8.5, muted=True), half),
        ]
        witness = [paragraph(certificate.witness_name, style(10, bold=True), half)]
        drawn = picture(certificate.witness_signature, half, 60)
        if not drawn:
            witness = [paragraph(certificate.not_signed, style(9), half)]
        rows = [
            [self.env._("Technician"), self.env._("Client or witness")],
            [
                picture(certificate.technician_signature, half, 60) or "",
                drawn or "",
            ],
            [technician, witness],
        ]
        return [heading(self.env._("Signatures")), table(rows, [1, 1]), gap()]

    def _verification(self):
        certificate = self.certificate
        url = certificate._get_verification_url()
        text = self.env._(
            "Scan the code, or open the address below, to see whether this certificate "
            "still holds. The page shows this fingerprint: %(fingerprint)s",
            fingerprint=(certificate.digest or "")[:FINGERPRINT],
        )
        words = [
            paragraph(
                self.env._("Is this certificate valid?"), style(9, bold=True), WIDTH
            ),
            paragraph(text, style(8.5), WIDTH - 100),
            paragraph(url, style(7.5, muted=True), WIDTH - 100),
        ]
        if certificate.state == "draft":
            return [gap()]
        return [
            Table(
                [[qr_code(url, 84), words]],
                [92, WIDTH - 92],
                style=[
                    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ],
            )
        ]

    def _labels(self, model, name):
        """Return the labels of a selection field of another model."""
        field = self.env[model]._fields[name]
        return dict(field._description_selection(self.env))
