# Odoo's own image has all that the addons need, but three packages.
FROM odoo:19.0
USER root
COPY requirements.txt /tmp/requirements.txt
RUN grep -E '^(geopy|arabic-reshaper|python-bidi)==' /tmp/requirements.txt > /tmp/ours.txt \
    && pip3 install --no-cache-dir --break-system-packages -r /tmp/ours.txt \
    && rm /tmp/requirements.txt /tmp/ours.txt
USER odoo
