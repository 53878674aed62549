"""The names of the café's messages on its bus: the detail-types of its events."""

SCANNED = "Validator.NewOrder"
STARTED = "OrderProcessor.WorkflowStarted"
UNAVAILABLE = "OrderProcessor.ShopUnavailable"
SECOND_WAIT = "OrderProcessor.WaitingCompletion"
WAITS = "OrderManager.WaitingCompletion"
CLAIMED = "OrderManager.MakeOrder"
COMPLETED = "OrderManager.OrderCompleted"
CANCELLED = "OrderManager.OrderCancelled"
FINISHED = "OrderProcessor.orderFinished"
# Step Functions itself says on the account's own bus that a workflow has ended.
STOPPED = "Step Functions Execution Status Change"
TIMED_OUT = "OrderProcessor.OrderTimeOut"
