"""systemd units for a server: the continuous reading, the pages, and timers for what must not depend on either.

`python -P -m` keeps a stray folder named like one of our packages from shadowing it.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from models.errors import DiembaoError
from pipeline.config import Settings


class ServiceError(DiembaoError):
    """The units cannot be written where they were asked for."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A command run by a timer. `when` is systemd's calendar form; the machine's clock is set to Vietnamese time."""

    name: str
    words: str
    command: str
    when: str


TIMERS = (
    Timed("doctor", "Kiểm tra dịch vụ và báo khi hỏng", "doctor --tell", "*:0/15"),
    Timed("alerts", "Gửi báo động còn chờ", "alerts send", "*:*:0/30"),
    Timed("digest", "Lập bản thảo điểm báo buổi sáng", "service digest", "*-*-* 07:30:00 Asia/Ho_Chi_Minh"),
    Timed("retention", "Xóa dữ liệu hết hạn lưu", "retention run", "*-*-* 03:30:00 Asia/Ho_Chi_Minh"),
    Timed("learning", "Theo dõi mô hình trong đêm", "model watch", "*-*-* 02:30:00 Asia/Ho_Chi_Minh"),
    Timed("backup", "Sao lưu và kiểm tra bản sao lưu", "backup make", "*-*-* 01:30:00 Asia/Ho_Chi_Minh"),
)
HARDENING = """\
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={data} {backups}
"""
LONG = """\
[Unit]
Description=Điểm báo: {words}
After=network-online.target
Wants=network-online.target

[Service]
User={user}
WorkingDirectory={data}
EnvironmentFile=-{env}
ExecStart={python} -P -m pipeline {command}
Restart=always
RestartSec=10
{hardening}
[Install]
WantedBy=multi-user.target
"""
ONCE = """\
[Unit]
Description=Điểm báo: {words}

[Service]
Type=oneshot
User={user}
WorkingDirectory={data}
EnvironmentFile=-{env}
ExecStart={python} -P -m pipeline {command}
{hardening}"""
TIMER = """\
[Unit]
Description=Điểm báo: {words}

[Timer]
OnCalendar={when}
Persistent=true

[Install]
WantedBy=timers.target
"""
PROXY = """\
# Nginx in front of the pages: TLS ends here. Copy, set the name and the certificate.
server {
    listen 443 ssl;
    server_name diembao.example;
    ssl_certificate     /etc/ssl/diembao.crt;
    ssl_certificate_key /etc/ssl/diembao.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    client_max_body_size 2m;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto https;
    }
}
"""


def units(settings: Settings, *, user: str, env: Path) -> dict[str, str]:
    """File name → text of every unit, with an example of a reverse proxy.

    One machine runs the unit of continuous reading; several run that of the queue instead.
    """
    data, backups = settings.data_dir.resolve(), settings.backup_dir.resolve()
    common = {
        "user": user,
        "data": data,
        "env": env,
        "python": sys.executable,
        "hardening": HARDENING.format(data=data, backups=backups),
    }
    files = {
        "diembao-watch.service": LONG.format(words="đọc báo liên tục", command="watch", **common),
        "diembao-work.service": LONG.format(words="nhận việc, khi có nhiều máy", command="work", **common),
        "diembao-web.service": LONG.format(words="giao diện", command="serve", **common),
        "diembao-nginx.conf": PROXY,
    }
    for timed in TIMERS:
        files[f"diembao-{timed.name}.service"] = ONCE.format(words=timed.words, command=timed.command, **common)
        files[f"diembao-{timed.name}.timer"] = TIMER.format(words=timed.words, when=timed.when)
    return files


def write(files: dict[str, str], folder: Path) -> list[Path]:
    """Raises ServiceError where the folder cannot be written (units belong to root)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
    except OSError as error:
        message = f"không ghi được vào {folder}: {error.strerror} (chạy bằng quyền quản trị, hoặc dùng --print)"
        raise ServiceError(message) from error
    return [folder / name for name in files]
