"""Planted faults of all four systems. Each must turn its scenario red."""

from trust.faults import durable_orders, fulfilment, retail, serverlesspresso
from trust.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (*serverlesspresso.FAULTS, *durable_orders.FAULTS, *retail.FAULTS, *fulfilment.FAULTS)
