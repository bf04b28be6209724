# Odoo's own image has all that the addons need, but three packages. A dated tag: the
# same build tomorrow. Raise it for Odoo's security fixes, and test.
FROM odoo:19.0-20251222
USER root
COPY requirements.txt /tmp/requirements.txt
RUN grep -E '^(geopy|arabic-reshaper|python-bidi)==' /tmp/requirements.txt > /tmp/ours.txt \
    && pip3 install --no-cache-dir --break-system-packages -r /tmp/ours.txt \
    && rm /tmp/requirements.txt /tmp/ours.txt
USER odoo
