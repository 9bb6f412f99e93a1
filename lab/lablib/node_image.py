# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Node images: a recipe as a tar file in the cache, imported into the engine when it lacks it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import bootstrap
from .cache import Cache
from .engine import Engine
from .progress import step
from .recipe import RECIPE_LABEL, REPOSITORY, Recipe


def entry_name(recipe: Recipe) -> str:
    return f"node-{recipe.name}-{recipe.hash}"


def reference(recipe: Recipe) -> str:
    """The image's name in the engine."""
    return f"{REPOSITORY}:{recipe.name}"


# How systemd wants to be stopped. Engines up to 20.10 (Debian 12) do not take it at an import:
# who runs a node there gives it as an option.
STOP_SIGNAL = "STOPSIGNAL SIGRTMIN+3"


def image_configuration(recipe: Recipe) -> list[str]:
    """What `docker import` records in the image: systemd as init, and what it was made from."""
    return [
        'CMD ["/sbin/init"]',
        "ENV container=docker",
        f"LABEL {RECIPE_LABEL}={recipe.hash}",
    ]


def ensure_built(recipe: Recipe, store: Cache, mirror: str) -> Path:
    """The image's tar file, built now if the cache has none."""
    tar = store.entry(entry_name(recipe)) / "root.tar"
    if tar.exists():
        return tar
    bootstrap.check(recipe, store, mirror)
    with store.building(entry_name(recipe)) as scratch:
        if scratch is not None:
            with step(f"building the node image {recipe.name} from packages", 45):
                log = store.log(entry_name(recipe))
                bootstrap.build(recipe, mirror, scratch / "root.tar", log)
    return tar


def ensure_all_built(recipes: Iterable[Recipe], store: Cache, mirror: str) -> None:
    """Build what is missing, two at a time (the download of one beside the unpacking of another)."""
    with _two_at_a_time() as pool:
        for done in [pool.submit(ensure_built, recipe, store, mirror) for recipe in recipes]:
            done.result()


def is_imported(recipe: Recipe, engine: Engine) -> bool:
    """Whether the engine has the image as the recipe says."""
    return engine.image_labels(reference(recipe)).get(RECIPE_LABEL) == recipe.hash


def ensure_all_imported(
    recipes: Iterable[Recipe], engine: Engine, store: Cache, mirror: str
) -> None:
    """Make sure that the engine has the images as their recipes say."""
    missing = [recipe for recipe in recipes if not is_imported(recipe, engine)]
    if not missing:
        return
    ensure_all_built(missing, store, mirror)
    names = ", ".join(recipe.name for recipe in missing)
    with (
        step(f"importing node images into the engine ({names})", 20 * len(missing)),
        _two_at_a_time() as pool,
    ):
        # Measured under emulation on two processors: one is unpacked while the other is sent.
        imports = [pool.submit(_import, recipe, engine, store, mirror) for recipe in missing]
        try:
            for done in imports:
                done.result()
        except BaseException:
            engine.abort()
            raise


def _import(recipe: Recipe, engine: Engine, store: Cache, mirror: str) -> None:
    with ensure_built(recipe, store, mirror).open("rb") as file:
        configuration = image_configuration(recipe)
        engine.import_image(REPOSITORY, recipe.name, file, configuration, [STOP_SIGNAL])


@contextlib.contextmanager
def _two_at_a_time() -> Iterator[ThreadPoolExecutor]:
    """A pool that drops what has not begun when the block ends by an exception."""
    pool = ThreadPoolExecutor(max_workers=2)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
