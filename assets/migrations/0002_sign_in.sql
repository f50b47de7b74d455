-- How a connector signs in by OAuth 2.1 and who is signed in, as JSON. No token.
alter table connectors add column sign_in text;
