"""The groups of Fusion Tasks, each by its external id."""

TECHNICIAN = "fusion_tasks.fusion_tasks_group_technician"
USER = "fusion_tasks.fusion_tasks_group_user"
DISPATCHER = "fusion_tasks.fusion_tasks_group_dispatcher"
MANAGER = "fusion_tasks.fusion_tasks_group_manager"
# Who may read units and visits: the office, and technicians their own.
STAFF = f"{USER},{TECHNICIAN}"
