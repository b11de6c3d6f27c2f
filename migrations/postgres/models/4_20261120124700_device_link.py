"""Links of new devices, which wait to be scanned.

Made by aerich from the models. By hand: the CHECKs.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "device_link" (
    "id" UUID NOT NULL PRIMARY KEY,
    "qr_hash" VARCHAR(64) NOT NULL,
    "secret_hash" VARCHAR(64) NOT NULL,
    "installation_id" VARCHAR(128) NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "platform" VARCHAR(16) NOT NULL,
    "ip_address" VARCHAR(45),
    "state" VARCHAR(16) NOT NULL,
    "provisioning" TEXT,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "session_id" UUID REFERENCES "session" ("id") ON DELETE CASCADE,
    CONSTRAINT "ck_device_link_state" CHECK ("state" IN ('WAITING', 'SCANNED', 'APPROVED', 'DENIED', 'USED')),
    CONSTRAINT "ck_device_link_session" CHECK ("state" = 'WAITING' OR "session_id" IS NOT NULL)
);
CREATE INDEX "idx_device_link_session_5f3ee2" ON "device_link" ("session_id");
CREATE INDEX "idx_device_link_expires_930fe4" ON "device_link" ("expires_at");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE "device_link";"""


MODELS_STATE = (
    "eJztXWlz2zi2/SsofRn7laNKvGaSV6/KTtzd7vGSjp3XXdNJURAJSWhThEJQVlQ9+e+DCy"
    "7iLkISZYrBh07bJC5AH2wX5y74uzNmFrF591fW77xBf3ccPCbih/jjA9TBk8niITzwcN+W"
    "5f4KCvS552LTE48G2OZEPLIIN1068ShzoOA9GxNvRJ0h8hjqE2Qxh3RRz506BvZ6iHI0Gx"
    "EHYTRj7iNx0RjP0R4eYursIw8/EkS9N+KtTTAnaMyeCBdPEHO66L2oCblsxtGQdeFjLGaK"
    "rxFNbbndqUO/TonhsaFokbii9T+/iMfUscg3wsNfJ4/GgBLbSsBNLahAPje8+UQ++/Tp6v"
    "1PsiT8TX3DZPZ07CxKT+beiDlR8emUWl2QgXdD4hAXe8SKdYgzte2g28JH/heLB547JdGn"
    "WosHFhngqQ3d2vnfwdQxoTeRbAn+Of6/4NNixQzj9u7BuL98MIxOZhTAJ6Q6KHhkMgdGEH"
    "U8AOrv7369C0Dk0w408O6X8497R6f7EgLGvaErX0q4Ot+lIPawLypBX6As/5/B+d0Iu/k4"
    "h+VTSIsPXQXj8MEC5MVUCeELAaoB0s4YfzNs4gy9kfj19LgE4v8//yhRPj2WKDMxs/3Zfh"
    "u8OZSvAOwFuBM8txnOGce/3t/d5uMbE0lBbFHTQ/9BNuXeDkJdAi2AATWPOf9qxyHduzn/"
    "I432u+u7i/QwhwouUtAHC88jmauM7qTUSmM8WCWagntyiB+enFQY46JU4SCX75JQ+/tGFu"
    "b3AiSPjkk+1Aup9DgPxLrhD+0a7Q9XN5f3D+c3HxJD/v35wyW8OZRP56mne6ep/ogqQb9f"
    "PfyC4Ff077vby/TMiMo9/LsD34SnHjMcNjOwFcckfBw+SnQv9jwynng828H3Y2zbV46X38"
    "FxuVQXC5jq6tSXdc2jIXzBi6PDs9PX4q38QPjlrKSr72/Or6+vbh9S80XqTYaaehOXWUPJ"
    "adjitI5KE8MTc88grstclaU+KdW+pf7k5csKS70oVbjUy3dJqC2CrRXW+pjYBhb7hsHepr"
    "XedAngvkIXJyX1lt64boZz9uAxdgaEB31sPs6waxmZN+yQFZXNvhofjtNPsIOHspMATfjO"
    "gD25ZsPLCTNHnRxmJXp3UEav2GxokKjYUpLlzmckgLBwsWOxsfiicZ+4yBXjb0askOuAP2"
    "86AfJDAO0xl1gHiDPkjbCHHIYIdm0qpMypy5kLxYaMWQg7czQWhbMkyxbb3TDJUq7W5eog"
    "Kyp0yymWOrfLdTW6YlLlCdvTHFblgg4LYY1Etqcq14/tPw8Pj47ODl8enb4+OT47O3n9Mk"
    "I6+6oM94urnwH1xILpd0ODlrUn4nhFy5p8V7qskahIpSUt4G9hlRiJSsXwsMT0GRHEHHvu"
    "U7CmWDhEfyDsiuLMFotGn029LnoQpR7JHNaSvQl2PQr1HiCxycif9vPXsrobXL6I/QlqOc"
    "Hj8BgUiHe+FK5uURGlqRiXas86t4W5WLYkRv2uut8kBNu0OG6CSvDwUG1sBwJtwnErA3sB"
    "eWINqkrfJBeuDRqpmnsoUiBwHsXXq1A3YfkW2qCOq5A2x8WczXGGstE2qGezQY2oZRHHGL"
    "hsrAJ/SmytLtgdrqyWHtB81ipdofkspYPfh0hDzT/8fYhrsOW8VkLZXX4QhIMVcSzEBohg"
    "cwT/hxPZq1MUVcS7qCeUPqNPBswl0rkHiohH/lkOXvaQSyY2NoF6EqVkAS7+DCTPeVb2PL"
    "jFdtfgtpp05GjCCbAOpmtE8lSLshNIKKGPICsfQfSp7zkgD5YyZeRjcroDVu6Agc3y7Ptl"
    "2EciGvZdpNRvCJjL+IhO8vSq2NtSrWqcLLdUpTp3kECcuE/YFj+g2YgK/QajiaiDOYgTws"
    "VvomuexAMMQv/gyGd3DlCfeSPQi7iQNO2pRay3QsN58RejDnDnTCg1QtphoMhklaqttlyF"
    "bZ9y4gJlVcyvaxftbbhoa8Zx44xjOLQVAI2JaDgzHGNzTlrN2KY3YdwBAtBYzYSZEW0Ttt"
    "tW/dmKnZASXKkLGsbf/nBK6HvyRE2Sp4AGb0qVT2tRppJTBxVgi+VSandAquHApaKLer7z"
    "WA/tvep2Xx2e7QOhRj2O/CYQtUBnBALtng4doUFOXOYxMRbznTnqaihHrfT1yI4cs4tGpV"
    "55gBYv/WZ9XbN10YFihHRN8NYzbWY+dh0yE3//jmmhQQcpbvALqTbtQJvY3dOzIQNssf07"
    "R7SFpvBXh68r2MJFqUJjuHyXRF2Huy7wrRQg8qokQORVNkBkIkblgLk59u5ijOMybcT5tA"
    "rMafNpDOXTNMgydIkTskrYZVpWW7YbZ9nWDgzVZpn4A607x54HyteOdHugJ5b2+nRirdjr"
    "SUnd603p9ZzJHny9JiU3eIDJsAZJdLPQ/iROZeIc+y8ylwBfgWbtmHkqX3Ds/xRUs5uQLp"
    "4uViIXz6LzdXxAib9d/MXE87W38/t35+8vO9+LaZiYwYJwDi5AOXRZIPnTvz4S//xSjPS9"
    "X0uLwP5eP1N1TZ3HTiFbJd8eLGesDDssuNxeihwyC8kh6dk1w0AX+ZmloB5iof4c/fYRma"
    "K5LronQjMJgoT8eEeEORphPiL8LeqRbxMq5nSYiAroiD6kmZL7VtZmuu3WK0Up+QM3orgW"
    "lbbFlNoGPuura0C3qxxUYyItPKduPv0Vl5NNGeaUmIa6AtSaTdRsomYT0zJtxHnjbCKdwB"
    "lVbJw5+nrJqpGQal/6pOMqifKOi/PkHWfS5IlV1lNaLSKB7Q3jzu/nVw9Xtz/XpcrVPZYn"
    "LnuioHzDR2SgfiDfivyQUnJtGM9lzNjlHw8JUiwTaxcRY9d3tz+HxdMBeEnsY8ecDPLlpG"
    "VSsoWk5e6SlNoi0X5uuopFIsZpZHq9xAk5IaXzVpYS1HzBd67JUVdnTpuJ61KWOjmuVInq"
    "OlnYO4c8iMXrnfitk0PDxl8flPGwzCEGrIKGGRatFAwM6fdt+kQk2ykd+xxELeJ4dABJ5P"
    "bIizGmNmIuuuy+Oj0+QI44KWGbcmLt+3mapCD1OLEHwIAuOFIMKZzEj0DL5EcEb7PxKjxs"
    "Rd41/ECl009CajP6+fOGCNeVJryYgIXOVuYGE0ItPN5vnhnU6bs7m3Xc5GLqr6D9xsRaqP"
    "ruiKpb6YSjD7Kt7eaGRJV8cOkTNuf3xPME2jxPU0wXKdUWJ35hg8dLL1UYfwd7eRRgbINZ"
    "XAYIcwg2FsqbhSzWRbfMT2MMIR/BeOKg3PWCRsMv7R2AogZpXMgTced9Zs2RqH9AXe5l9c"
    "Utt71GFpnmeGU9q4JYjxE+8kZW0QETQi3UATdPizPHpuJACQaFqZKVJyOo4a5mhRhQmxiT"
    "EfOYku0yLajhrgB3nyqBHBTX0FaAFghtwyUmobknyAvGbIKdfJwzsinE+0J4ByEvi2a+u7"
    "tOaL8XV2m72aebi0vRB7ILRCHqk5Y5QefzifgIQ/yN1MQec1XBz5XXHVC9A2YjZpjYMcaE"
    "c6HEqywwOaJ6samw2IS4iTOc0NSNocumEyVtpbACDb8C/Ca27VVQD+U02BXAtig3mTirwp"
    "9v9Oeg8Tl5qQXL1vjCOvQ6X32dT4NIwEa1ZkdEdeiOqN4ROuaxeDHaTb+SHBY2ioJamYRd"
    "FtAHFnYm/qk5nK8JXNyGg/nWYrQ/koEYFKMH9khy06An3h+UcdmuX1IocGHRSp4PYBOO8p"
    "EHdSBZB8Io8BeBQuI/q4vOkcDGkh4LJhtDikyAAeGBR/w05EPRIvEzasqs5H4F+X4P22u6"
    "tugz+bXKxvikVOu8IDZliy+mv2EkrLLh8U3uds30AdvBzU1bkn/QbtYu0W1TXXfAJbppPd"
    "0an+iGArvDTtEh9jnngli3FB8JYqOgSkIKLgYGsV5QJ0gM0UWXouesUJP2kz88koknHUuo"
    "m9TZORpPuQfpI1xisqED7sn+Xd0uAcUrLwnFFlpUSdgvnhNoX+r8cAYIsnrohBTPvdSVHQ"
    "Z0HO524nDlLBELlZOjrRXjnJRqH84bdPlPuXeteMhNy7ZQOd4RZVgfdXU3R90c6hWqnRyT"
    "05xVw3vYEId2nnfqKt4ek1Lt2x6PDivsjkeHhZsjvNJXE2vSSFu529brRVbuhJNJdP7OdH"
    "rxkTohpIlCfYPbFnlXnSx5I/4V2TVgA6AuLp5qKayJhW/1LNSQ/XfNFNTJrMm7pb8WoZ0M"
    "M5D883ogpV17WjIqa03WLRfGHHNIuGAW20J8HtI02dRnIqsYRPwo2y7q/Y/xSOY95G+Jvl"
    "UCXIwWeVgghnbM/UzaoVHC7yi0Z7MZcZGJOXnrJ3DZzzOF1NrWGmG82pxRi0JW6tvkqubH"
    "jcu0MIzgpEqK3JPiDLknmQS5IWAw11YBOpRrne/e5qEuCAwoocQKogBawIbVYiySeKkO5I"
    "TQRoBu0CCuEeYn4kL6spxNsTTSJSu8xRCX6MnOxrjICC2j6CbVkrwAKbnWDfQqq/Vh8Wp9"
    "mM0cLxFbcZRnhfUoVxnlmPMZE0ck1XiCjKDeOSst6RblExvPDVV1Oy3XQpW7lmsptphwpN"
    "GD+aQSuCcl4J5kwR2Cq4DS7riQ2OJFCZ9u7z9cvrv66eryfV3n8tqTu4gtUAXnsPw2Ub6/"
    "/Lir8DqEWNwIUzpx4k0ninpIQQ1bVEZClXBndRHfdrCKvT0pqX2WmmNe1wFY7feq0L40P2"
    "KvF/nSKGSMSBvcN2IB3sERUMn8qy9qrgASMBJrIgRm3d9FNW2FaATAhDalDWAF1fzC7Nbi"
    "1Qezrth/+jm2DhWsLqCeVoO05mBqNUDirUOkw4C8JWhNqN5FtYW3E7UUMw+bubls1bCCWl"
    "oOksEGGqYSmFwivpV73E9y/JRrZlJH66Nfa+tB47kBuBqwzGQMGApR6om4XGKy/vIVVbWz"
    "xFU5auI8KTAbE7CYr4nWDQnN7i3EKUBoRPMyLdeC0k5OwiCV99oYRQnBWzKUlHyk4xdkZO"
    "8ryoc1TOe5HNycC5NaBLKib7kkGwr8y0MiYomP+SwsVsHBHMr6jtzRlU4U7mOaOhbqz9/4"
    "mTHZwL/HyXc6QPBl8qKn4HlIHxwg6fz9Apy/rQM0o6Kzp6Ji0xQKA89zOd9i65+dz86dgz"
    "74lOb9b9eoB633ZHpPT95gavsDFX3uvPssPpaz6NNcMqDf4NMwcrEzJGHbcrwhIdJn3ggR"
    "Z0gdwov83f+MYrNkB33JJAEK+y0MTlLL8HNBh4U3QuY6xefcBRnMq+Z6Cvt3Qf7z8PDo6O"
    "zw5dHp65Pjs7OT1y+jmyGzr8ruiby4+hkMjwdxQjy0RBb7x4f9VNX6HpbXTjrVnHR0gKgO"
    "EH3uSEa1BNxby8eXoNgLtIQ4BV+uKcg4klFYtIK2EAqJvXFM5F2NQ/wktuDJGzR1PGrDpu"
    "iI/dCew09zZGJIn/0EN4MjPBRw5ykBm6lUJcveF0ilJ+su2WN1gE7NATolAWiyazKYL/EM"
    "CIVa6BSwu04AOb4fenfXu7ve3fN2d9/mmbOtR8bQ4v28HxVZuo/3fCO220MzLIBDjji8wm"
    "0WA5eNUfDS6sEdznI37otTNBx2Ayk4BsNdzcgTikN2P9905bkH6aA0vA9qzDlOh6Z65ZO0"
    "Di6vMbhcO3wWq1m76fpXxeEzNhcVpltSSm/96WAmfxVcCVStT1XTp2I7jVapylSq5LBanl"
    "Qr3Lc1sJWAtRqorqb8znL01qxnWrECm/KJq0pJQVnfThNUwNFsxKQOyU3scGCJwBaEeqD0"
    "9w4Qc+CWB9hmxSvuXwEntE7uiXGXe0VEDS0ok1WV7n2AD1WO3E4ItY6rqv8iOJ09fZUNuU"
    "n6ayXWSh9bimdce48tmqvUXOVz638N5SpDD/F8rS90Hi9V96JCyxlLqVkh6kiuMLg1CfUZ"
    "ewRPnB6biZ7vvYGbeV9wagklC91MvSm2Qe3yZgy5bJbjf7SRWsGvqOeSMXuSa3xP3hOGpC"
    "zyoCqhHYIf0mxE7YDmBDoUCoUJN+EmYlGXUBDxnC9snnPxoyy/cEWawT/i1WcnOBWEXlOc"
    "EI72KPc/cB9ZjEjqFZkj8Fd6Kz4l9l3ik8SfMBR/WDHFKkvKtzC9suzqak5KmlqtkVp1qP"
    "momkgoLtO+NDe1uCdRbgzwE3Mhc0UG6dKsIClJnZpMIR2IHxagrn7H5VqofO+Isl3pjLXY"
    "RVU7OSmpM740uZf1Sbp482rxSVpnfGlZr+dM9kzwlTxEKBIocRnNoGjX+C0SUtGZVzNSZY"
    "xUfIYuN/Rqlm/3Wb4wUL+Y7IuF8i/l/Aw3Vngp9wfsGHMICoSAmsNogqkLP00Im9hCKDTI"
    "Yg6kGFxA/RZ+BqZNhgggNiGOH+fHIdTAZbMsH1hbS5IjFIf/ERWHUaf3RlqMMUeQSAF57A"
    "AxV/wujr7yZp2DRSCEaMynDIMKZbrcgDAkJp1QqMCR32MT7Ip2xZdS7wCov8/w3EF44Im3"
    "AZMovvJtrCafNsTRHyw5RuoTh9jhM6Jir/arDMawmM0+xyFhkmZrMGNHH11cTNOJTaETYe"
    "SrBr/EZVrnTPC6Cpn4uphLfJ2hEsVEU2NrWS5z2AKm9qgSU3tUwtQeZZnaaHmpim8k0MZQ"
    "3Y2nyX6iWAXcoLiGtgK0kbKgbmFYyGn7gop9IdRAMoAvsS/E5FpITu0uGZXlIEOVdpVeTo"
    "pqC0OT+1lbGIr3rd3kmrWF4Ufs9SoWhjSjUJUfSMtpajx9dorTOVVRTQhpSMutDbzguixN"
    "jSep8cSgWm5viGa2RnYZsulFsGGWh0Wm23y7QyITbqnVIVmyQlSZRQU20nvWA3Ieo6HLpp"
    "MuuvK4dNWlPiEP5C6aSip9NqLmCIXZRhF2CfJvfSWWzFYYpGsNHHLz4sy20uZyJl8T8E0h"
    "4B/Fn6pCsIXlNcNWgWHzqKd2h2Ik0D7yvRY36fiXKcCcEmsf2LVcvervHarWuqRU264m37"
    "y5Dqz9BidfsxgXZt6NiyzPv7updfllXQD7+XcPXx2fHb8+Oj2O0u5GT8qy7WZJd19BEXBN"
    "89T1QlDTYhrYjDVDaEFP1JuvQnUnRVtIh+0u/ZVlPX1rnwHZ1RS5mqzkGsp6w3bcDVFgIz"
    "ZzFNf7hMxK61LDoNz0yuQDtMb6lFuBNsg1eZHSBrni6bWbphltkPsRe72KQS6csf25oj6S"
    "EdTqSKn5aIHX9gwdzcR1qZ0jM7QShg7xFej20/V1maUjc+1aFnN95dpzXbm2MyDVaS8Lhl"
    "SOpWwx2IptZONFmQrWsfCqLgdhFLeuQdzJDO31bDLwIBeO/MZ9MGb1yQCMMegGu4++oUq0"
    "I5Z+L7jKC3IlupTn2sVqbi03+03aZpibBEdbyppiKXOZmi0nLL89S1nn5hIckeuCNcV8Vy"
    "G+i3nvNO39F6POSnp8QrCFavzuqu3Z01qwiqp2cUxMczBN7t8BdZWNVwmZ7RlZXtW1SG6Y"
    "ynwOc2DDZsimIRWKKX2SgRZquGbktEkwDS1QToqoxkU0oLmArpKrDOswol3YMeEKKmPVBS"
    "lfWC/52WkkkVphccrIaXDLwFVfqNKyerVq8mpFeTytjlrIeExQx4wrxIwL6GzKvbxbjJZB"
    "vpDbIuIhDbizgGtHguKdYzdNytqR4Efs9SqOBH7ibmU3gpSYdiJIraAxw5aqg0ZWVIf46v"
    "ys23R5SVll13R6SYeQ7ibEy71fsvNWZ23dUtbWvA1te7A2cwdbimpqC1d21qrXzcb3Ssr1"
    "s4kclsocbRaFlnra3DmxgO5Asot6nHztQTS4RRxOEHXgcip502h8pktPF3nlE3i7MBcSx3"
    "ZS3bTxBiDR7QcZiz7D9iPaSy09B0jUvN9FtwxNRCk0xnMkk9f2iV+B+Ir+HFHrDfrgbwz3"
    "v12jGZvall8hNEctJMev+MVl0+FI5rl15zJfrkCb/IMvIuL3+IQQqzsWLX8GTyIbO/JeLh"
    "dPPnf2q7v/AMP4BRLYLnJ2mLZMnBA0Fd2E1Tr3INkS/HO8Yz5BinE727Zy7RCJrPMQ1JmH"
    "gHzLoTUexNMCVj4o34bA+DK24vKPhwRREWK4d3P+x36CrLi+u/05LB7D/N313UXGYjux52"
    "KpV84VlhDTlEKKUsjshAprRa5wG8Z2PfeQJ87CHiCnft97Uk5jvRxrnY1524YeTu3cDG6l"
    "cC+ENNYKWBOLrmZdSQhq74Dm2FKyJjSfQFmlk5OSupeb3MvaPP5DdHOD7OF6Mtc3mbWlts"
    "5T67Pmt96daaONtTtgrN12JvFmDt81Eok/t1XxnLjUHHVyjIrBm4MymyJelFlmUizGdMOJ"
    "oQsNLblrZ46dJejA9exYjTeyFJuvYBVQTJ0bE2mh6eXw5KQCrydKFRJ78l0qT6aYVAoIB8"
    "VbiG4tKaADrjmL8K/3d7el9HTe8YSaHvoPAsf5HUS7BFwAo9zUlbZqpXQxqOAiTxnb5mb2"
    "/b/+2Eph"
)
