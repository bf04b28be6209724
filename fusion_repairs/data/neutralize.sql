-- call off emails to clients that were queued when the copy was made
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state IN ('outgoing', 'exception')
   AND x_fc_maintenance_contract_id IS NOT NULL;

-- call off text messages with booking links, where Odoo's SMS app is installed
DO $$
BEGIN
    IF to_regclass('sms_sms') IS NOT NULL THEN
        UPDATE sms_sms SET state = 'canceled' WHERE state = 'outgoing';
    END IF;
END
$$;

-- deactivate our scheduled actions
UPDATE ir_cron
   SET active = false
 WHERE id IN (SELECT res_id
                FROM ir_model_data
               WHERE model = 'ir.cron' AND module = 'fusion_repairs');
