from . import log_masking, models, wizards

log_masking.install()
