"""Members of matters that were there before matters were streams say by which event they came, as all others do."""

from django.db import migrations

_JOINED = """
UPDATE store_mattermember AS member SET joined_seq = event.seq FROM store_matterevent AS event
WHERE member.joined_seq = 0 AND event.matter_id = member.matter_id AND event.kind = 'case.joined'
AND event.facts ->> 'case' = replace(member.case_id::text, '-', '')
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0038_signed_by")]

    operations = [migrations.RunSQL(_JOINED, migrations.RunSQL.noop)]
