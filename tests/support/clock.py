"""pytest plugin: a test that stops the clock does not stop pytest's own.

Otherwise the report says of every test at a fixed time that it took none.
"""

import freezegun

freezegun.configure(extend_ignore_list=["_pytest."])
