-- Reports join the tables and their hands to the books.
GRANT USAGE ON SCHEMA actors TO squaredeal_report;
GRANT SELECT ON actors.tables, actors.hands, actors.journal TO squaredeal_report;
