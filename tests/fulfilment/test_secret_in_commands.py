"""The secret of an account goes to programs by their environment: any user of the machine can read a command line."""

import pytest
from places import FEATURES

from acceptance.trouble import Trouble
from support.fulfilment.dialogue import read_dialogue

SHIPPED = FEATURES / "fulfilment" / "dialogue.yaml"


@pytest.mark.parametrize("program", ["customer_portal.py", "fill.py"])
def test_a_command_that_names_the_secret_is_refused(tmp_path, program):
    text = SHIPPED.read_text("utf-8").replace(
        "../../systems/fulfilment", str(SHIPPED.parents[2] / "systems/fulfilment")
    )
    dialogue = tmp_path / "dialogue.yaml"
    dialogue.write_text(text.replace(program, f'{program}, "--secret={{secret_key}}"'), "utf-8")
    with pytest.raises(Trouble, match=r"\{secret_key\} is unknown here"):
        read_dialogue(dialogue)
