"""How nbconvert runs notebooks in Deno's kernel.

Deno 2.9 may say that a cell has ended before its last outputs are out, and
nbclient would drop them: they belong to no cell that is running. A kernel that
is asked to shut down while a cell runs stays; it is ended at once.
"""

from queue import Empty

from nbclient.client import NotebookClient

LATE_SECONDS = 0.05

poll_output = NotebookClient._async_poll_output_msg


async def poll_late_output(self, parent_msg_id, cell, cell_index):
    await poll_output(self, parent_msg_id, cell, cell_index)
    while True:
        try:
            message = await self.kc.iopub_channel.get_msg(timeout=LATE_SECONDS)
        except Empty:
            return
        if message["parent_header"].get("msg_id") == parent_msg_id:
            self.process_message(message, cell, cell_index)


NotebookClient._async_poll_output_msg = poll_late_output

c = get_config()  # noqa: F821, nbconvert puts it there
c.ExecutePreprocessor.shutdown_kernel = "immediate"
