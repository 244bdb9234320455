/** What busybox gives to an Alpine image: the applets that containers' scripts use. Run by the machine's own programs. */
export const busyboxCommands = (
  "[ awk base64 basename bunzip2 bzip2 cat chgrp chmod chown cksum cmp comm cp cpio cut date dc dd df diff dirname du echo " +
  "egrep env expand expr factor fallocate false fgrep find flock fold free getopt grep groups gunzip gzip head hexdump " +
  "hostname id install ip kill killall link ln ls lsof md5sum mkdir mkfifo mknod mktemp more mount mv nc nice nl nohup nproc " +
  "nslookup od paste pgrep pidof ping pkill printenv printf ps pwd readlink realpath renice rev rm rmdir sed seq setpriv " +
  "setsid sh sha1sum sha256sum sha512sum shuf sleep sort split stat strings stty su sum sync tac tail tar tee test time " +
  "timeout top touch tr true truncate tty umount uname unexpand uniq unlink unxz unzip uptime usleep vi wc wget which who " +
  "whoami xargs xxd xzcat yes zcat"
).split(" ");
