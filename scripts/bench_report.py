"""Tables of what was measured, and where."""
import os
import platform

from bench_runs import PEERS


def rows(found, sizes):
    """Name, limit, ours, ratio, and what we want."""
    limit, ours, ratio = found["limit"], found["ours"], found["ratio"]
    rate, share = "{:,.0f}/s".format, "{:.2f}".format
    yield "MEASURED", "LIMIT", "OURS", "RATIO", "WANTED"
    yield "single enqueue", rate(limit["single_enqueue"]), rate(ours["single_enqueue"]), share(
        ratio["single_enqueue"]), ""
    yield "enqueue, 32 tasks", "", rate(ours["concurrent_enqueue"]), share(
        ratio["concurrent_over_single_enqueue"]), ">= 5 x single"
    yield "bulk enqueue", rate(limit["bulk_enqueue"]), rate(ours["bulk_enqueue"]), share(
        ratio["bulk_enqueue"]), ">= 0.40"
    yield "drain, one at a time", rate(limit["drain_by_one"]), "", "", ""
    yield "drain, 1 worker", rate(limit["drain"]), rate(ours["drain_1"]), share(ratio["drain_1"]), ">= 0.50"
    yield "drain, 4 workers", "", rate(ours["drain_4"]), share(ratio["drain_4_over_1"]), ">= 1 x one worker"
    yield "drain, nothing else there", "", rate(ours["drain_empty"]), "", ""
    for name in ["ready", "finished"]:
        yield f"drain, {sizes['crowd']:,} {name}", "", rate(ours[f"drain_1m_{name}"]), share(
            ratio[f"drain_1m_{name}"]), ">= 0.90 x nothing there"
    for name, wanted in [("p50", "<= 0.5 ms"), ("p90", ""), ("p99", "<= 2 ms")]:
        yield f"pick-up, {name}", "", f"{found['pickup_ms'][name]:.2f} ms", "", wanted
    yield "idle worker", "", f"{found['idle_cpu_percent']:.2f} % CPU", "", "< 0.2 %"
    yield "memory, idle worker", "", f"{found['rss_mib']['worker']:.1f} MiB", "", "< 40 MiB"
    yield "memory, draining worker", "", f"{ours['worker_peak_mib']:.1f} MiB", "", ""
    yield "memory, enqueue command", "", f"{found['rss_mib']['cli']:.1f} MiB", "", ""
    yield "enqueue command, start to number", "", f"{found['cli_enqueue_ms']:.1f} ms", "", "<= 15 ms"


def peer_rows(found):
    """Each other queue, and how many times faster we are."""
    rate, ours = "{:,.0f}/s".format, found["ours"]
    yield "QUEUE", "SINGLE ENQUEUE", "OURS / IT", "DRAIN, 1 WORKER", "OURS / IT", "WANTED"
    for name, its in found["peers"].items():
        times = [f"{ours[figure] / its[figure]:.1f}" for figure in ("single_enqueue", "drain_1")]
        yield PEERS[name], rate(its["single_enqueue"]), times[0], rate(its["drain_1"]), times[1], ">= 5"


def scale_rows(found, sizes):
    """Each verb in both files, then what pruning did to others."""
    yield "VERB", f"{sizes['few']:,} JOBS", f"{sizes['many']:,} JOBS", "RATIO"
    for verb, ratio in found["ratio"].items():
        times = [f"{found[size][verb]:.3f} ms" for size in ("small_ms", "large_ms")]
        yield verb, *times, f"{ratio:.2f}"
    prune = found["prune"]
    yield f"prune {prune['jobs']:,}", "", f"{prune['per_second']:,.0f}/s", ""
    yield f"longest of {prune['writes']:,} writes meanwhile", "", f"{prune['longest_write_ms']:.1f} ms", ""


def show(table):
    table = list(table)
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for row in table:
        cells = [cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in
                 enumerate(zip(row, widths))]
        cells[-1] = row[-1]
        print("  ".join(cells).rstrip())


def machine():
    """One line that says where the figures are from."""
    models = [line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return (f"{os.cpu_count()} x {models[0] if models else platform.machine()}, Linux {platform.release()}, "
            f"load {load}")


def rounded(value):
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return round(value, 3)
