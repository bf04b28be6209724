"""The visit report on paper."""

from odoo import fields
from odoo.tools import html2plaintext
from odoo.tools.misc import format_date

from .pdf_document import WIDTH, build_pdf, fields_table, gap, heading, picture, table
from .pdf_text import paragraph, style

RESULT_SIGNS = {"pass": "✓", "fail": "✗", "na": "–"}
PHOTO = (120, 90)  # points at most


class VisitReportDocument:
    """Lay out the report of one visit, in the client's language.

    Everything comes from the visit as it was reported, nothing from what the unit, the
    client or the checklist have become since.
    """

    def __init__(self, visit):
        """Take a visit whose context has its language, with the rights to read it."""
        self.visit = visit
        self.env = visit.env

    def build(self):
        """Return the bytes of the PDF."""
        visit = self.visit
        story = [
            *self._head(),
            *self._result(),
            *self._checklist(),
            *self._findings(),
            *self._parts(),
            *self._price(),
            *self._photos(),
            *self._signatures(),
        ]
        return build_pdf(
            story,
            title=self.env._("Visit report %(name)s", name=visit.name),
            page_label=self._get_page_text,
            author=visit.company_id.name,
            lang=self.env.lang,
            head=f"{visit.company_id.name} · {visit.name}",
            foot=self._get_company_text(visit.company_id),
        )

    def _get_page_text(self, page, pages):
        return self.env._("Page %(page)s of %(pages)s", page=page, pages=pages)

    def _get_company_text(self, company):
        parts = (company.name, company.street, company.city, company.phone)
        return ", ".join(filter(None, (*parts, company.email)))

    # Sections --------------------------------------------------------------------

    def _head(self):
        visit = self.visit
        company = visit.company_id
        logo = not company.uses_default_logo and picture(company.logo, 140, 48)
        title = [
            paragraph(self.env._("Visit Report"), style(18, bold=True, after=4), WIDTH),
            paragraph(visit.name, style(10, muted=True), WIDTH),
        ]
        return [
            table([[title, logo or ""]], [7, 3], header=False),
            gap(),
            fields_table(
                [
                    (self.env._("Client"), visit.partner_id.display_name),
                    (self.env._("Place"), self._get_place_text()),
                    (self.env._("Unit"), visit.product_id.name),
                    (self.env._("Serial number"), self._get_serial_text()),
                    (self.env._("Date of the visit"), self._day(visit.service_date)),
                    (self.env._("Technician"), visit.technician_id.name),
                    (self.env._("Next visit due"), self._day(visit.rolled_to)),
                ]
            ),
        ]

    def _get_serial_text(self):
        return self.visit.lot_id._filter_named().name or self.visit.serial

    def _get_place_text(self):
        visit = self.visit
        address = visit.address_id or visit.partner_id
        text = address._display_address(without_company=True)
        return ", ".join(filter(None, (line.strip() for line in text.splitlines())))

    def _day(self, day):
        return format_date(self.env, day, date_format="long") if day else ""

    def _result(self):
        visit = self.visit
        story = [
            gap(),
            heading(self.env._("Result")),
            paragraph(visit._get_result_text(), style(10, bold=True), WIDTH),
        ]
        if visit._get_all_defects():
            story += [gap(4), self._defects()]
        return story

    def _defects(self):
        rows = [
            [self.env._("Defect"), self.env._("Class"), self.env._("To be repaired by")]
        ]
        rows += [
            [
                defect._get_finding_text(),
                defect._get_class_label(),
                self._day(defect.date_due),
            ]
            for defect in self.visit._get_all_defects().sorted("id")
        ]
        return table(rows, [6, 2, 2])

    def _checklist(self):
        visit = self.visit
        lines = visit.checklist_line_ids
        if not lines:
            return []
        rows = [
            [
                self.env._("Check"),
                self.env._("Result"),
                self.env._("Reading"),
                self.env._("Note"),
            ]
        ]
        labels = dict(lines._fields["result"]._description_selection(self.env))
        section = None
        for line in lines:
            said = line._get_name_in(self.env.lang, "section")
            if said and said != section:
                rows.append([paragraph(said, style(8.5, bold=True), WIDTH), "", "", ""])
                section = said
            rows.append(self._check_row(line, labels))
        return [gap(), heading(self.env._("Checklist")), table(rows, [5, 2, 2.2, 3])]

    def _check_row(self, line, labels):
        name = line._get_name_in(self.env.lang)
        if line.critical:
            name = self.env._("%(check)s (critical)", check=name)
        result = f"{RESULT_SIGNS.get(line.result, '')} {labels.get(line.result, '')}"
        limits = line._format_limits()
        reading = line._format_reading()
        if reading and limits:
            reading = f"{reading} ({limits})"
        return [name, result.strip(), reading, line.note or ""]

    def _findings(self):
        visit = self.visit
        text = visit.findings_text or html2plaintext(visit.findings or "")
        if not text.strip():
            return []
        return [
            gap(),
            heading(self.env._("Findings")),
            *(
                paragraph(block, style(9, after=3), WIDTH)
                for block in text.splitlines()
                if block.strip()
            ),
        ]

    def _parts(self):
        visit = self.visit
        used = visit.part_ids.filtered("quantity")
        if not used and not visit.parts_note:
            return []
        story = [gap(), heading(self.env._("Parts"))]
        if used:
            rows = [[self.env._("Part"), self.env._("Quantity")]]
            rows += [
                [part.product_id.name, f"{part.quantity:g} {part.uom_id.name}"]
                for part in used
            ]
            story.append(table(rows, [8, 2]))
        if visit.parts_note:
            story += [gap(4), paragraph(visit.parts_note, style(9), WIDTH)]
        return story

    def _price(self):
        visit = self.visit
        rows = [list(row) for row in visit._get_charges_rows()]
        story = [
            gap(),
            heading(self.env._("What It Costs")),
            table(rows, [8, 2], header=False),
        ]
        if visit.agreed_by:
            agreed = self.env._(
                "Agreed by %(name)s on %(day)s",
                name=visit.agreed_by,
                day=self._day(self._get_agreed_day()),
            )
            story += [gap(4), paragraph(agreed, style(9), WIDTH)]
        return story

    def _get_agreed_day(self):
        visit = self.visit.with_context(tz=self.visit._get_tz())
        return fields.Datetime.context_timestamp(visit, visit.agreed_at).date()

    def _photos(self):
        visit = self.visit
        cells = []
        for photo in visit.photo_ids:
            image = picture(photo.image, *PHOTO)
            if image:
                label = photo.line_id._get_name_in(self.env.lang)
                cells.append([image, paragraph(label, style(7, muted=True), PHOTO[0])])
        if not cells:
            return []
        cells += [""] * (-len(cells) % 4)
        rows = [cells[at : at + 4] for at in range(0, len(cells), 4)]
        return [
            gap(),
            heading(self.env._("Photos")),
            table(rows, [1] * 4, header=False),
        ]

    def _signatures(self):
        visit = self.visit
        client = [paragraph(self.env._("Client"), style(7, muted=True), WIDTH / 2)]
        if visit.signature_state in ("not_present", "refused"):
            labels = dict(
                visit._fields["signature_state"]._description_selection(self.env)
            )
            text = f"{labels[visit.signature_state]}: {visit.signature_reason or ''}"
            client.append(paragraph(text, style(9), WIDTH / 2))
        else:
            client += self._signature(visit.signature, visit.signed_by)
        own = [paragraph(self.env._("Technician"), style(7, muted=True), WIDTH / 2)]
        signer = visit.technician_signed_by_id or visit.technician_id
        own += self._signature(visit.technician_signature, signer.name)
        return [
            gap(),
            heading(self.env._("Signatures")),
            table([[client, own]], [1, 1], header=False),
        ]

    def _signature(self, data, name):
        drawn = data and picture(data, 180, 60)
        return [*([drawn] if drawn else []), paragraph(name, style(9), WIDTH / 2)]
