# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which parts of a report a gather_subset asks for."""

from __future__ import annotations

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.subset import (
    MINIMUM,
    SUBSETS,
    chosen,
)


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (["all"], {*SUBSETS}),
        (["min"], {"daemon"}),
        (["ike_sas"], {"daemon", "ike_sas"}),
        (["ike_sas", "pools"], {"daemon", "ike_sas", "pools"}),
        (["!all"], {"daemon"}),
        (["!all", "!min"], set()),
        (["!all", "!min", "pools"], {"pools"}),
        (["!min", "pools"], {"pools"}),
        (["!algorithms"], {*SUBSETS} - {"algorithms"}),
        (["!min"], {*SUBSETS} - MINIMUM),
        (["all", "!algorithms", "!counters"], {*SUBSETS} - {"algorithms", "counters"}),
        (["!daemon", "daemon"], {"daemon"}),
    ],
)
def test_chosen(asked: list[str], parts: set[str]) -> None:
    assert chosen(asked) == parts


@pytest.mark.parametrize("item", ["certificate", "!certificate"])
def test_an_unknown_part(item: str) -> None:
    with pytest.raises(InputError, match=r"'certificate': expected one of all.*mean certificates"):
        chosen([item])
