# Odoo's own image has all that the addons need, but three packages, and new time zones.
# A dated tag: the same build tomorrow. Raise it for Odoo's security fixes, and test.
FROM odoo:19.0-20251222
USER root
COPY requirements.txt /tmp/requirements.txt
RUN grep -E '^(geopy|arabic-reshaper|python-bidi|pytz|tzdata)==' /tmp/requirements.txt > /tmp/ours.txt \
    && pip3 install --no-cache-dir --break-system-packages -r /tmp/ours.txt \
    && rm /tmp/requirements.txt /tmp/ours.txt
# zoneinfo reads the package just installed, not the time zones of the image.
ENV PYTHONTZPATH=""
USER odoo
