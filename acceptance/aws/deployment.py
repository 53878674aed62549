"""Deploys a system's SAM template into the embedded account, as `sam deploy` does with local paths.

Every local path of the template (`CodeUri`, `DefinitionUri`, also in `Globals`) is zipped or read, uploaded, and
replaced by its place in S3; then CloudFormation takes over. The template needs no changes for it.
"""

import contextlib
import copy
import io
import json
import uuid
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import ClientError, WaiterError

from acceptance.aws.account import Account
from acceptance.trouble import Trouble

LONG_FORMS = {"Ref": "Ref", "Condition": "Condition"}
DEPLOY_SECONDS = 60
WAITING = {"Delay": 0.05, "MaxAttempts": DEPLOY_SECONDS * 20}
CUSTOM, CUSTOM_RESOURCE = "Custom::", "AWS::CloudFormation::CustomResource"


class NotDeployed(Trouble):
    """CloudFormation did not create a stack; the emulator's own account of the reason is in its log."""


class UnusableTemplate(Trouble):
    """A template that cannot be deployed; the message says what is wrong with it."""


class _TemplateLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms (`!Ref`, `!Sub`, …)."""


def _long_form(loader: _TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {LONG_FORMS.get(suffix, f"Fn::{suffix}"): value}


def _as_text(loader: _TemplateLoader, node: yaml.ScalarNode) -> Any:
    """CloudFormation reads an unquoted version as a text, YAML as a date."""
    return loader.construct_scalar(node)


_TemplateLoader.add_multi_constructor("!", _long_form)
_TemplateLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


def load_template(path: Path) -> dict[str, Any]:
    """Read a CloudFormation template written in YAML, with its short forms written out.

    Raises UnusableTemplate when it cannot be read or is not YAML.
    """
    if path.is_dir():
        raise UnusableTemplate(f"The template {path} is a folder.")
    if not path.is_file():
        raise UnusableTemplate(f"There is no template {path}.")
    try:
        loaded: dict[str, Any] = copy.deepcopy(_read(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnusableTemplate(f"The template {path} is not YAML: {' '.join(str(error).split())}.") from error
    except OSError as error:
        raise UnusableTemplate(f"The template {path} cannot be read: {error.strerror}.") from error
    return loaded


@cache
def _read(text: str) -> Any:
    """Read a template's text: once, though a run deploys it into several accounts. The caller must not change it."""
    return yaml.load(text, _TemplateLoader)  # noqa: S506 - a SafeLoader


def _resources(path: Path, template: Any) -> dict[str, Any]:
    resources = template.get("Resources") if isinstance(template, dict) else None
    if not isinstance(resources, dict) or not all(map(_is_resource, resources.values())):
        raise UnusableTemplate(f"The template {path} is not one of CloudFormation: it has no Resources.")
    for properties in _all_properties(template):
        for local in _local_paths(properties).values():
            if not (path.parent / local).exists():
                what = f"names {local}, and there is no such file or folder beside it"
                raise UnusableTemplate(f"The template {path} {what}.")
    return resources


def _all_properties(template: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """The properties of each resource, and those that SAM gives to all of a kind (`Globals`)."""
    of_all = [properties for properties in (template.get("Globals") or {}).values() if isinstance(properties, dict)]
    return [*of_all, *(part.get("Properties") or {} for part in template["Resources"].values())]


def _is_resource(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("Properties") or {}, dict)


def deploy(
    account: Account,
    template_path: Path,
    parameters: Mapping[str, str | int] | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Deploy the template as a stack named after its folder and wait until it is complete.

    `meanwhile` is called once CloudFormation has begun: what a run needs later anyway then costs no time.
    Raises NotDeployed with CloudFormation's reason when the stack cannot be created, and UnusableTemplate when there
    is nothing to pass to CloudFormation.
    """
    _put(account, template_path, parameters, "create", meanwhile)


def update(account: Account, template_path: Path, parameters: Mapping[str, str | int] | None = None) -> None:
    """Update the stack that was deployed from the template, with new properties for each custom resource.

    CloudFormation asks a custom resource anew only when its properties have changed. Raises what `deploy` raises.
    """
    _put(account, template_path, parameters, "update")


def remove(account: Account, template_path: Path) -> bool:
    """Delete the stack that was deployed from the template. Return whether it is gone in the time for a deployment."""
    cloudformation, stack = account.client("cloudformation"), _stack_of(template_path)
    cloudformation.delete_stack(StackName=stack)
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=WAITING)
    except WaiterError:
        return False
    return True


def _stack_of(template_path: Path) -> str:
    return template_path.parent.name.replace("_", "-")


def _put(
    account: Account,
    template_path: Path,
    parameters: Mapping[str, str | int] | None,
    how: str,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    stack = _stack_of(template_path)
    template = load_template(template_path)
    resources = _resources(template_path, template)
    s3 = account.client("s3")
    bucket = _bucket(account, stack, how)
    elsewhere = account.region != "us-east-1"
    place = {"CreateBucketConfiguration": {"LocationConstraint": account.region}} if elsewhere else {}
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):  # the stack was deployed before, and removed
        s3.create_bucket(Bucket=bucket, **place)
    for properties in _all_properties(template):
        _upload_local_path(s3, bucket, template_path.parent, properties)
    cloudformation = account.client("cloudformation")
    if how == "update":
        for resource in filter(_is_custom, resources.values()):
            resource.setdefault("Properties", {})["Revision"] = uuid.uuid4().hex
    try:
        getattr(cloudformation, f"{how}_stack")(
            StackName=stack,
            TemplateBody=json.dumps(template),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": str(value)} for key, value in (parameters or {}).items()
            ],
        )
        meanwhile()
        cloudformation.get_waiter(f"stack_{how}_complete").wait(StackName=stack, WaiterConfig=WAITING)
    except (ClientError, WaiterError) as error:
        reason = _why(cloudformation, stack, error)
        raise NotDeployed(f"{template_path.name} could not be deployed: {reason}") from error
    for name, resource in resources.items():
        _complete(account, cloudformation, stack, name, resource.get("Properties") or {})


def _bucket(account: Account, stack: str, how: str) -> str:
    """Name the bucket for a stack's local paths. Bucket names are shared by all accounts.

    A new stack is given the same name in each run, so that its template has a translation that is remembered; an
    updated one another name each time, as CloudFormation looks at code again only if its place has changed.
    """
    same = uuid.uuid5(uuid.NAMESPACE_URL, f"{account.account_id}/{account.region}/{stack}")
    return f"deployment-{(same if how == 'create' else uuid.uuid4()).hex}"


def _is_custom(resource: Mapping[str, Any]) -> bool:
    return resource["Type"] == CUSTOM_RESOURCE or str(resource["Type"]).startswith(CUSTOM)


def _complete(account: Account, cloudformation: Any, stack: str, resource: str, properties: dict[str, Any]) -> None:
    """Set what MiniStack 1.5.33's CloudFormation leaves out."""
    if not {"DurableConfig", "TimeToLiveSpecification"} & properties.keys():
        return
    found = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=resource)
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    if "DurableConfig" in properties:
        _make_durable(account, name, properties, _dead_letters(account, cloudformation, stack, properties))
    else:
        time_to_live = properties["TimeToLiveSpecification"]
        account.dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=time_to_live)


def _dead_letters(account: Account, cloudformation: Any, stack: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Return the setting for a function's dead-letter queue, if the template names one of its own queues."""
    target = properties.get("DeadLetterQueue", properties.get("DeadLetterConfig", {})).get("TargetArn")
    named = target.get("Fn::GetAtt") if isinstance(target, dict) else None
    if not named:
        return {}
    queue = named.partition(".")[0] if isinstance(named, str) else named[0]
    found = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=queue)
    url = found["StackResourceDetail"]["PhysicalResourceId"]
    told = account.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return {"DeadLetterConfig": {"TargetArn": told["Attributes"]["QueueArn"]}}


def _make_durable(account: Account, name: str, properties: dict[str, Any], dead_letters: dict[str, Any]) -> None:
    """Enable a function's durable executions, and its dead-letter queue.

    MiniStack needs a property for it that AWS does not have, so botocore would refuse the request.
    """
    functions = account.client("lambda")

    def switch_on(params: dict[str, Any], **_: object) -> None:
        body = json.loads(params["body"])
        body["DurableConfig"]["Enabled"] = True
        params["body"] = json.dumps(body).encode()

    functions.meta.events.register("before-call.lambda.UpdateFunctionConfiguration", switch_on)
    functions.update_function_configuration(
        FunctionName=name, DurableConfig=properties["DurableConfig"], **dead_letters
    )
    alias = properties.get("AutoPublishAlias")
    if alias:
        version = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name=alias, FunctionVersion=version)


def _upload_local_path(s3: Any, bucket: str, folder: Path, properties: dict[str, Any]) -> None:
    for name, local in _local_paths(properties).items():
        key, path = local.replace("/", "-"), folder / local
        s3.put_object(Bucket=bucket, Key=key, Body=_zipped(path) if path.is_dir() else path.read_bytes())
        properties[name] = f"s3://{bucket}/{key}"


def _local_paths(properties: Mapping[str, Any]) -> dict[str, str]:
    named = {name: properties.get(name) for name in ("CodeUri", "DefinitionUri")}
    return {name: local for name, local in named.items() if isinstance(local, str) and not local.startswith("s3://")}


def _zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(folder))
    return buffer.getvalue()


def _why(cloudformation: Any, stack: str, error: Exception) -> str:
    try:
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    except ClientError:
        return str(error)
    reasons = [
        f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
        for event in events
        if event["ResourceStatus"].endswith("FAILED") and event.get("ResourceStatusReason")
    ]
    return reasons[-1] if reasons else str(error)
