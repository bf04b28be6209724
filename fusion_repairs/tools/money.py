"""Amounts of money as the reader's language writes them."""

from babel.numbers import parse_pattern

from odoo.tools.misc import babel_locale_parse, get_lang


def format_amount(env, amount, currency):
    """Return an amount with its symbol, where the reader's language puts it.

    Odoo's own formatters put the symbol where the currency's record says, which is
    the same side for English and French.

    :param env: environment in the reader's language
    :param amount: float
    :param currency: res.currency, whose decimal places are shown
    :return: str, such as "$1,234.50" in English, "1 234,50 $" in French
    """
    locale = babel_locale_parse(get_lang(env).code)
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (currency.decimal_places, currency.decimal_places)
    return pattern.apply(
        currency.round(amount), locale, currency=currency.name, currency_digits=False
    )
