"""The report of a backfill as a spreadsheet; knows nothing of what it lists."""

import io
from datetime import date

import xlsxwriter

WIDTH = 22


def write_workbook(*sheets):
    """Return the bytes of a workbook, written row by row.

    :param sheets: (name, heads, iterable of rows); texts are never read as formulas
    """
    output = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        output, {"in_memory": False, "constant_memory": True}
    )
    bold = workbook.add_format({"bold": True, "bottom": 1})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for name, heads, rows in sheets:
        sheet = workbook.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, WIDTH)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write(sheet, (number, column), value, day)
    workbook.close()
    return output.getvalue()


def _write(sheet, cell, value, day):
    if isinstance(value, date):
        sheet.write_datetime(*cell, value, day)
    elif isinstance(value, str):
        sheet.write_string(*cell, value)
    elif value is not None and value is not False:
        sheet.write_number(*cell, value)
