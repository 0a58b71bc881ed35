-- Which pass a request was of is not needed: the budget is spread over all lists.
ALTER TABLE sync_request DROP COLUMN whole;
