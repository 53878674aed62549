"""The suite's runner, which also writes every secret of a run to a file, for a test that searches for leaks."""

import json
import os
from pathlib import Path

from acceptance.runner.step_files import RunnerBySystem
from support.serverlesspresso.front_door import FrontDoor

FILE = "SECRETS_FILE"


class SecretsRunner(RunnerBySystem):
    """Records passwords and id tokens as users sign in, and task tokens as the tap receives them."""

    def __init__(self, config):
        super().__init__(config)
        self.secrets = {"password": [], "id token": [], "task token": []}
        sign_in = FrontDoor._sign_in

        def noted(door, user, password):
            visitor = sign_in(door, user, password)
            self.secrets["password"].append(password)
            self.secrets["id token"].append(visitor.token)
            return visitor

        FrontDoor._sign_in = noted

    def run_hook(self, hook_name, *args):
        """Run a hook; before the last one, write the secrets down."""
        if hook_name == "after_all":
            tap = self.context.session.system("serverlesspresso").cafe.tap
            told = [event["TaskToken"] for key in list(tap._by_key) for event in tap._by_key[key]]
            self.secrets["task token"] = sorted({token for token in told if token})
            Path(os.environ[FILE]).write_text(json.dumps(self.secrets), encoding="utf-8")
        return super().run_hook(hook_name, *args)
