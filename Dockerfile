# Odoo's own image has all that the addons need, but geopy.
FROM odoo:19.0
USER root
COPY requirements.txt /tmp/requirements.txt
RUN pip3 install --no-cache-dir --break-system-packages "$(grep '^geopy==' /tmp/requirements.txt)" \
    && rm /tmp/requirements.txt
USER odoo
