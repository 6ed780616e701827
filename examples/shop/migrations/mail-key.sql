-- Run once, before the first deployment: psql --single-transaction --file migrations/mail-key.sql
-- Members are found by the canonical form of their address. For addresses in ASCII that is lower case; for others
-- docs/guides/users-table.md has a migration, and until then their members cannot sign in. Where two rows are one
-- account the last statement fails, and nothing is changed.
ALTER TABLE members ADD COLUMN mail_key text;
UPDATE members SET mail_key = lower(mail COLLATE "C") WHERE mail ~ '^[!-~]+$';
CREATE UNIQUE INDEX members_mail_canonical ON members (mail_key);
