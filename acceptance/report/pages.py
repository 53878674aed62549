"""HTML pages from templates. All values of a template are escaped."""

from pathlib import Path


def rendered(template: Path, **values: object) -> str:
    """Render a Jinja2 template with these values.

    A value that the template names and does not get raises jinja2.UndefinedError. Jinja2 is imported when the first
    page is rendered, since most runs render none before their last scenario has ended.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template.name).render(values)
