"""Deploys word_count.py to a work pool, runs it once, and waits for the end.

    python deploy.py [--pool default]

Where the API is and how to get in comes from the environment: PREFECT_API_URL, PREFECT_API_AUTH_STRING and
PREFECT_CLIENT_CUSTOM_HEADERS, the worker settings that the stack puts out.

The flow's source travels inside the deployment, as this example can count on neither a Git host nor a bucket. Flows of
your own come from where your workers can fetch them: `flow.from_source("https://github.com/you/flows.git", ...)`.
"""

import argparse
import base64
import json
import sys
from pathlib import Path
from typing import Any

import httpx
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import PrefectException
from prefect.settings import PREFECT_API_URL
from word_count import word_count

SOURCE = Path(__file__).with_name("word_count.py")


class InlineSource:
    """A `RunnerStorage` that writes one file into the directory in which the worker runs the flow."""

    pull_interval = None
    destination = Path(".")

    def set_base_path(self, path: Path) -> None:
        """Nothing to set: the file goes where the flow runs."""

    async def pull_code(self) -> None:
        """Nothing to fetch: the source is in the step."""

    def to_pull_step(self) -> list[dict[str, Any]]:
        encoded = base64.b64encode(SOURCE.read_bytes()).decode()
        write = f"import base64, pathlib; pathlib.Path('{SOURCE.name}').write_bytes(base64.b64decode('{encoded}'))"
        return [{"prefect.deployments.steps.run_shell_script": {"script": f'python -c "{write}"'}}]


def deploy(pool: str) -> str:
    deployment: RunnerDeployment = word_count.to_deployment(name="example", work_pool_name=pool)
    deployment.storage = InlineSource()
    deployment.entrypoint = f"{SOURCE.name}:{word_count.fn.__name__}"
    deployment.apply()
    return f"{word_count.name}/example"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", default="default", help="work pool that runs it (default: %(default)s)")
    parser.add_argument("--timeout", type=float, default=180, help="seconds to wait for the run (default: %(default)s)")
    pool, timeout = (arguments := parser.parse_args()).pool, arguments.timeout

    try:
        name = deploy(pool)
        print(f"deployed {name} to work pool {pool}; waiting for its first run ...", file=sys.stderr)
        run: FlowRun = run_deployment(name, timeout=timeout)
    except (httpx.HTTPError, PrefectException) as error:
        print(f"Prefect's API at {PREFECT_API_URL.value()}: {error or type(error).__name__}", file=sys.stderr)
        return 1
    state = run.state.name if run.state else "unknown"
    print(json.dumps({"id": str(run.id), "name": run.name, "state": state}))
    return 0 if state == "Completed" else 1


if __name__ == "__main__":
    sys.exit(main())
