-- about: The score card of the model in force.
select measure, value, lower, upper, n from kept_risk_card
