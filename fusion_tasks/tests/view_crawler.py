from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, dateutil, safe_eval, time

from .view_reading import X2MANY, get_specification

ALL, NONE = Domain.TRUE, Domain("id", "=", 0)


class WindowCrawler:
    """Uses one window as its reader's client does: what it asks the server for.

    :param action: the ir.actions.act_window
    :param user: the reader
    """

    def __init__(self, action, user):
        self.user = user
        self.env = action.with_user(user).env
        self.context = self.evaluate(action.context or "{}")
        self.model = self.env[action.res_model].with_context(
            **{
                key: value
                for key, value in self.context.items()
                if not key.startswith("search_default_")
            }
        )
        self.domain = Domain(self.evaluate(action.domain or "[]"))
        views = [(view_id, kind) for view_id, kind in action.views]
        if action.target != "new":
            views.append((action.search_view_id.id, "search"))
        loaded = self.model.get_views(views)
        self.archs = {
            kind: etree.fromstring(view["arch"])
            for kind, view in loaded["views"].items()
        }
        self.fields = {
            name: model["fields"] for name, model in loaded["models"].items()
        }
        self.own = self.fields[self.model._name]

    def evaluate(self, expression, typed=None):
        """Return what an expression of a view says to this reader's client."""
        env = self.env
        return safe_eval(
            expression,
            {
                "active_id": False,
                "active_ids": [],
                "active_model": False,
                "allowed_company_ids": env.companies.ids,
                "context": dict(env.context),
                "context_today": lambda: fields.Date.context_today(env.user),
                "current_date": str(fields.Date.today()),
                "datetime": datetime,
                "relativedelta": dateutil.relativedelta.relativedelta,
                "time": time,
                "self": typed,
                "uid": env.uid,
            },
        )

    # What there is -----------------------------------------------------------------

    def get_kinds(self):
        """Return the kinds of views, without the search."""
        return [kind for kind in self.archs if kind != "search"]

    def get_filters(self):
        """Yield (name, node) of all that the search view offers to look for."""
        for node in self.get_search_nodes():
            if node.tag == "field" or node.get("date") or node.get("domain"):
                yield node.get("name"), node

    def get_search_nodes(self):
        """Yield the filters and fields of the search view."""
        search = self.archs.get("search")
        for node in () if search is None else search.iter("filter", "field"):
            if not any(parent.tag == "searchpanel" for parent in node.iterancestors()):
                yield node

    def get_domain(self, node):
        """Return the domain of a filter, or of a word typed for a field."""
        if node.tag == "field":
            return self.get_typed(node)
        if name := node.get("date"):
            if not self.own[name]["searchable"]:
                raise ValueError(f"{name} cannot be searched by period")
            return Domain(name, ">=", "2026-01-01")
        return Domain(self.evaluate(node.get("domain")))

    def search(self, node):
        """Apply a filter of the search view."""
        self.model.search(self.domain & self.get_domain(node))

    def get_typed(self, node):
        """Return the domain of a word typed for a field of the search view."""
        if node.get("filter_domain"):
            return Domain(self.evaluate(node.get("filter_domain"), "a"))
        name = node.get("name")
        kind = self.own[name]["type"]
        value = {
            "boolean": True,
            "date": "2026-01-01",
            "datetime": "2026-01-01 00:00:00",
            "float": 1.0,
            "integer": 1,
            "monetary": 1.0,
        }.get(kind, "a")
        if kind == "selection":
            value = self.own[name]["selection"][0][0]
        text = kind in ("char", "text", "html", "many2one", *X2MANY)
        operator = node.get("operator") or ("ilike" if text else "=")
        if operator == "child_of":
            value = self.env[self.own[name]["relation"]].search([], limit=1).id
        return Domain(name, operator, value)

    def get_groupings(self):
        """Yield (words, fields) of all that the search view offers to group by."""
        for node in self.get_search_nodes():
            context = self.evaluate(node.get("context") or "{}")
            if group_by := context.get("group_by"):
                yield (
                    node.get("name"),
                    [group_by] if isinstance(group_by, str) else group_by,
                )

    def get_default_domain(self):
        """Return what the window is filtered by when it opens."""
        filters = dict(self.get_filters())
        wanted = [
            key.removeprefix("search_default_")
            for key, value in self.context.items()
            if key.startswith("search_default_") and value
        ]
        return Domain.AND(
            self.get_domain(filters[name]) for name in wanted if name in filters
        )

    def get_specification(self, node):
        """Return which fields a view of the window reads."""
        return get_specification(node, self.model._name, self.fields)

    # What the client asks for ------------------------------------------------------

    def open(self, kind, domain):
        """Load a view with what its window shows."""
        domain = self.domain & domain
        node = self.archs[kind]
        getattr(self, f"open_{kind}")(node, domain)

    def open_list(self, node, domain):
        """Read the records, then sorted by each column."""
        spec = self.get_specification(node)
        found = self.model.web_search_read(list(domain), spec, limit=80)
        columns = node.iterfind("field")
        sortable = [
            c.get("name") for c in columns if self.own[c.get("name")]["sortable"]
        ]
        for name in sortable if found["length"] else ():
            self.model.web_search_read(list(domain), {}, order=f"{name} desc", limit=1)
        orders = [node.get("default_order")] if node.get("default_order") else []
        for order in orders:
            self.model.web_search_read(list(domain), {}, order=order, limit=1)
        if node.get("default_group_by"):
            self.group(node.get("default_group_by").split(","), domain, kind="list")

    def open_kanban(self, node, domain):
        """Read the cards, in columns where the view has some."""
        self.open_list(node, domain)

    def open_form(self, node, domain):
        """Open the records one by one; a new one where the view makes some."""
        spec = self.get_specification(node)
        for record in self.model.search(domain, limit=5):
            record.web_read(spec)
        may_create = node.get("create") not in ("0", "false", "False")
        if may_create and self.model.has_access("create"):
            self.model.browse().onchange({}, [], spec)

    def open_calendar(self, node, domain):
        """Read a month around today."""
        start, stop = node.get("date_start"), node.get("date_stop")
        today = fields.Datetime.now()
        domain &= Domain(start, "<=", today + timedelta(days=31))
        domain &= Domain(stop or start, ">=", today - timedelta(days=31))
        names = {node.get("color"), start, stop, "display_name"} - {None}
        names.update(child.get("name") for child in node.iterfind("field"))
        self.model.search_read(list(domain), sorted(names))
        # The client lets an entry be dragged if its start can be written.
        draggable = node.get("edit") not in ("0", "false")
        if draggable and stop and not self.own[start]["readonly"]:
            if self.own[stop]["readonly"]:
                raise ValueError(f"{stop} does not follow an entry that is dragged")
        if node.get("show_unusual_days"):
            self.model.get_unusual_days(str(today), str(today))

    def open_pivot(self, node, domain):
        """Read totals by rows and columns."""
        axes = {"row": [], "col": []}
        for child in node.iterfind("field[@type]"):
            axes.get(child.get("type"), []).append(self.say_group(child))
        rows, columns = axes["row"], axes["col"]
        self.model.formatted_read_grouping_sets(
            list(domain), [[], rows, [*rows, *columns]], self.get_measures(node)
        )

    def open_graph(self, node, domain):
        """Read totals by the fields of the picture."""
        groups = [
            self.say_group(child)
            for child in node.iterfind("field")
            if child.get("type") != "measure"
        ]
        measures = self.get_measures(node)
        self.model.formatted_read_group(list(domain), groups, measures)

    def open_activity(self, node, domain):
        """Read what is to be done, and what was."""
        self.env["mail.activity"].get_activity_data(
            self.model._name, list(domain), fetch_done=True
        )
        self.open_list(node, domain)

    def say_group(self, node):
        """Return a field as read_group takes it."""
        interval = node.get("interval")
        if not interval and self.own[node.get("name")]["type"] in ("date", "datetime"):
            interval = "month"
        return node.get("name") + (f":{interval}" if interval else "")

    def get_measures(self, node):
        """Return every total that the view's menu offers."""
        wanted = {
            child.get("name") for child in node.iterfind("field[@type='measure']")
        }
        offered = {
            name
            for name, field in self.own.items()
            if field["type"] in ("integer", "float", "monetary")
            and field["store"]
            and field.get("aggregator")
            and name not in ("id", "res_id")
        }
        return [
            "__count",
            *(f"{n}:{self.own[n].get('aggregator')}" for n in sorted(wanted | offered)),
        ]

    def group(self, group_by, domain, kind="list"):
        """Group the records of a view, with the groups opened."""
        node = self.archs.get(kind)
        spec = {} if node is None else self.get_specification(node)
        by_name = [self.with_interval(name) for name in group_by]
        self.model.web_read_group(
            list(self.domain & domain),
            by_name[:1],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=spec,
        )
        self.model.formatted_read_group(list(self.domain & domain), by_name)

    def with_interval(self, name):
        """Return a field to group by, dates by month."""
        kind = self.own[name.partition(":")[0]]["type"]
        return (
            f"{name}:month"
            if kind in ("date", "datetime") and ":" not in name
            else name
        )

    def search_panel(self):
        """Read what stands beside the records."""
        search = self.archs.get("search")
        for node in () if search is None else search.iterfind("searchpanel/field"):
            kind = "multi_range" if node.get("select") == "multi" else "range"
            read = getattr(self.model, f"search_panel_select_{kind}")
            read(node.get("name"), enable_counters=True)
