# Odoo's own image has all that the addons need, but three Python packages, new time
# zones, and the fonts for names in Indian and South-East Asian letters on certificates.
# A dated tag: the same build tomorrow. Raise it for Odoo's security fixes, and test.
FROM odoo:19.0-20251222
USER root
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt /tmp/requirements.txt
RUN grep -E '^(geopy|arabic-reshaper|python-bidi|pytz|tzdata)==' /tmp/requirements.txt > /tmp/ours.txt \
    && pip3 install --no-cache-dir --break-system-packages -r /tmp/ours.txt \
    && rm /tmp/requirements.txt /tmp/ours.txt
# zoneinfo reads the package just installed, not the time zones of the image.
ENV PYTHONTZPATH=""
USER odoo
