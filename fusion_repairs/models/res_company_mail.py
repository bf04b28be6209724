from odoo import fields, models


class ResCompany(models.Model):
    """Settings of the mails about visits, one set per company."""

    _inherit = "res.company"

    x_fc_mail_day_before = fields.Boolean(
        string="Mail on the Day Before",
        default=True,
        help="Remind clients of a booked visit on the day before. Who asked for no "
        "appointment notices gets none.",
    )
    x_fc_mail_day_before_hour = fields.Float(
        string="Hour of the Day-Before Mail",
        default=10.0,
        help="From which hour on, on the clock of the place of the visit.",
    )
    x_fc_mail_day_before_quiet_hours = fields.Integer(
        string="No Day-Before Mail Within (Hours)",
        default=12,
        help="A client who was told of the visit less than so many hours before gets "
        "no mail on the day before.",
    )
    x_fc_mail_on_the_way = fields.Boolean(
        string="Mail When the Technician Sets Out",
        help="Write to the client when the technician is on the way.",
    )
    x_fc_mail_settle_minutes = fields.Integer(
        string="Wait Before Telling Changes (Minutes)",
        default=5,
        help="When the office moves or cancels a visit, the client is written to after "
        "so many minutes: what is moved to and fro meanwhile is told once.",
    )

    _x_fc_mail_day_before_hour_of_day = models.Constraint(
        "CHECK (x_fc_mail_day_before_hour >= 0 AND x_fc_mail_day_before_hour < 24)",
        "The hour of the day-before mail lies between 0:00 and 23:59.",
    )
    _x_fc_mail_quiet_hours_not_negative = models.Constraint(
        "CHECK (x_fc_mail_day_before_quiet_hours >= 0)",
        "The hours without a day-before mail cannot be negative.",
    )
    _x_fc_mail_settle_minutes_range = models.Constraint(
        "CHECK (x_fc_mail_settle_minutes BETWEEN 0 AND 120)",
        "Changes are told after 0 to 120 minutes.",
    )
