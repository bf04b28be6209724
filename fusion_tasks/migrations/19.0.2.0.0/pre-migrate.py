def migrate(cr, version):
    """Forget the versions that a technician had for all days together.

    Each day has its own since; a version is only compared by transactions that run at
    the same time, so none is missed.
    """
    cr.execute(
        """
        DELETE FROM fusion_technician_schedule;
        ALTER TABLE fusion_technician_schedule
            DROP CONSTRAINT IF EXISTS fusion_technician_schedule_technician_uniq
        """
    )
