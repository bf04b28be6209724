-- no address goes to a geocoder, and nobody's key is used
DELETE FROM ir_config_parameter
 WHERE key IN ('fusion_tasks.geocoder', 'fusion_tasks.geocoder_url',
               'fusion_tasks.geocoder_user_agent', 'fusion_tasks.geocoder_api_key');

-- no place goes to an OSRM server
DELETE FROM ir_config_parameter
 WHERE key IN ('fusion_tasks.osrm_url', 'fusion_tasks.travel_provider');

-- deactivate our scheduled actions
UPDATE ir_cron
   SET active = false
 WHERE id IN (SELECT res_id
                FROM ir_model_data
               WHERE model = 'ir.cron' AND module = 'fusion_tasks');
