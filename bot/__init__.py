"""Convenor: coordinates multi-agency risk management meetings from chat."""
