-- about: Which model is in force, from what it learnt, and why it shows no probabilities, if it does not.
select * exclude (mark) from kept_risk_model
