"""The contents of an account with a café that a run could leave behind or change."""

import json

BUS, ORDERS, SETTINGS = "Serverlesspresso", "serverlesspresso-order-table", "serverlesspresso-config-table"


def listing(account):
    """List rules with their targets, queues, running executions, tables, orders and settings."""
    events = account.events
    buses = [bus["Name"] for bus in events.list_event_buses()["EventBuses"]]
    rules = [(bus, rule) for bus in buses for rule in events.list_rules(EventBusName=bus)["Rules"]]
    targets = [
        (rule, events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]) for bus, rule in rules
    ]
    return {
        "rules and targets": targets,
        "queues": sorted(account.sqs.list_queues().get("QueueUrls", [])),
        "running": running(account),
        "tables": account.dynamodb.list_tables()["TableNames"],
        "orders": items(account, ORDERS),
        "settings": items(account, SETTINGS),
    }


def running(account):
    """Return the executions that run, by workflow."""
    states = account.stepfunctions
    machines = [machine["stateMachineArn"] for machine in states.list_state_machines()["stateMachines"]]
    return [states.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"] for arn in machines]


def items(account, table):
    """Return the items of a table, sorted."""
    pages = account.dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return sorted(json.dumps(item, sort_keys=True) for page in pages for item in page["Items"])
